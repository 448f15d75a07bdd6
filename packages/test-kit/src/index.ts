export { ClusterProxy } from './cluster-proxy.ts';
export { createFakeNameNode, type FakeNameNode } from './fake-name-node.ts';
export { newOperationId } from './operation-ids.ts';
export { createTempDir, withTempDir, type TempDir } from './temp-dir.ts';
export {
  startTestClusters,
  type ShardPlan,
  type TestClusterAddress,
  type TestClusters,
} from './test-clusters.ts';
export {
  foundTestDeployment,
  startTestDeployment,
  type TestDeployment,
} from './test-deployment.ts';
export { FIRST_EPOCH, newTestMap } from './test-map.ts';
