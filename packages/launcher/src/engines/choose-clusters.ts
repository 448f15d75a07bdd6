import { join } from 'node:path';
import { MarqueeError } from '@marquee/errors';
import type { LauncherConfig } from '../config.ts';
import type { Options } from '../options.ts';
import type { Ports } from '../ports.ts';
import { METADATA, plannedClusters, type ClusterSet } from './cluster-set.ts';
import { embeddedClusters } from './embedded.ts';

/** Names of the clusters that will run on this machine, each of which needs a port. */
export const localClusterNames = (options: Options): string[] =>
  options.engine === 'atlas'
    ? []
    : [
        ...plannedClusters(options.shards, options.replicasPerShard).map(({ name }) => name),
        METADATA,
      ];

/** Folder for a downloaded mongod. */
const mongodDownloadDir = (options: Options): string => join(options.dataDir, 'mongod-binary');

/**
 * The clusters of the engine that was asked for, checked as far as they can be before they run.
 *
 * @throws CONFIGURATION_INVALID
 */
export const chooseClusters = async (input: {
  readonly root: string;
  readonly options: Options;
  readonly config: LauncherConfig;
  readonly ports: Ports;
  readonly environment: Readonly<Record<string, string>>;
  readonly print: (name: string, line: string) => void;
}): Promise<ClusterSet> => {
  const { root, options, config, ports, environment, print } = input;
  const { dataDir, shards, replicasPerShard } = options;
  const local = { root, dataDir, ports, shards, replicasPerShard, environment };
  switch (options.engine) {
    case 'embedded':
      return embeddedClusters(local);
    // The driver is loaded only where it is needed: the launcher lives as long as the system.
    case 'mongod': {
      const { findMongodBinary } = await import('./mongod-binary.ts');
      const { mongodClusters } = await import('./mongod.ts');
      const say = (line: string): void => print('mongod', line);
      const binary = await findMongodBinary(config, mongodDownloadDir(options), say);
      return mongodClusters({ ...local, binary });
    }
    case 'atlas': {
      const { remoteClusters } = await import('./atlas.ts');
      const { checkClusters } = await import('../checks/cluster-checks.ts');
      const remote = await remoteClusters(config);
      const findings = await checkClusters(remote);
      for (const { origin, problem, severity } of findings) {
        if (severity === 'warning') print('checks', `${origin} ${problem}`);
      }
      const errors = findings.filter(({ severity }) => severity === 'error');
      if (errors.length === 0) return remote;
      const message = errors.map(({ origin, problem }) => `${origin} ${problem}`).join('\n');
      throw new MarqueeError('CONFIGURATION_INVALID', { findings: errors }, { message });
    }
  }
};
