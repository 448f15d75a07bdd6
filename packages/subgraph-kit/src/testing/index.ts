export { countCommands, type CommandCounter } from './command-counter.ts';
export { loadDocuments } from './load-documents.ts';
export {
  createInMemoryShardRouter,
  type InMemoryShardRouter,
  type RouterCall,
} from './in-memory-shard-router.ts';
export {
  startTestSubgraph,
  type GraphqlAnswer,
  type Json,
  type TestSubgraph,
} from './test-subgraph.ts';
