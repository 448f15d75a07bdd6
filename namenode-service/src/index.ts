export { loadConfig, type Config } from './config.ts';
export { createNameNode, type NameNode, type NameNodeOptions } from './name-node.ts';
