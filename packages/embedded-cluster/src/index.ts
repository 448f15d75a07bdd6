export {
  type EmbeddedCluster,
  type EmbeddedClusterOptions,
  PortTaken,
  startEmbeddedCluster,
} from './start-embedded-cluster.ts';
export { FolderTaken } from './folder-lock.ts';
export type { Logger } from './logger.ts';
