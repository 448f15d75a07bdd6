import { join } from 'node:path';
import type { Ports } from '../ports.ts';
import { nodeProgram, type ProcessSpec } from '../processes/process-spec.ts';
import { METADATA, plannedClusters, type ClusterSet } from './cluster-set.ts';

/** Clusters of the embedded engine, a process each; their data lies in the data folder. */
export const embeddedClusters = (options: {
  readonly root: string;
  readonly dataDir: string;
  readonly ports: Ports;
  readonly shards: number;
  readonly replicasPerShard: number;
  readonly environment: Readonly<Record<string, string>>;
}): ClusterSet => {
  const portOf = (name: string): number => options.ports[name] ?? 0;
  const uriOf = (name: string): string =>
    `mongodb://127.0.0.1:${portOf(name)}/?replicaSet=${encodeURIComponent(name)}`;
  const planned = plannedClusters(options.shards, options.replicasPerShard);
  const process = (name: string): ProcessSpec => ({
    ...nodeProgram(options.root, {
      name,
      script: 'packages/embedded-cluster/dist/main.js',
      args: [
        ...['--name', name],
        ...['--port', String(portOf(name))],
        ...['--data', join(options.dataDir, 'clusters', name)],
      ],
      env: options.environment,
    }),
    saysListening: (line) => line.includes('listening'),
  });
  return {
    clusters: planned.map((cluster) => ({ ...cluster, uri: uriOf(cluster.name) })),
    metadata: { uri: uriOf(METADATA) },
    dataIdentity: planned.map(({ name }) => `embedded ${name}`),
    processes: [...planned.map(({ name }) => process(name)), process(METADATA)],
  };
};
