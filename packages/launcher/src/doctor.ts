import { claimDataFolder } from './checks/data-folder.ts';
import { checkClusters } from './checks/cluster-checks.ts';
import type { LauncherConfig } from './config.ts';
import { remoteClusters } from './engines/atlas.ts';
import { localClusterNames } from './engines/choose-clusters.ts';
import { locateMongodBinary } from './engines/mongod-binary.ts';
import type { Options } from './options.ts';
import { assignPorts } from './ports.ts';
import { nameNodeNames } from './service-plan.ts';

/** Does every check of a start and starts nothing; says a line for each. Answers whether all is well. */
export const runDoctor = async (
  options: Options,
  config: LauncherConfig,
  say: (line: string) => void,
): Promise<boolean> => {
  const checks: [string, () => unknown][] = [
    ['Node', () => process.version],
    ['data folder', () => claimDataFolder(options.dataDir).release()],
    [
      'ports',
      () =>
        assignPorts(options.portBase, nameNodeNames(options.nameNodes), localClusterNames(options)),
    ],
    ...engineChecks(options, config, say),
  ];
  let healthy = true;
  for (const [name, check] of checks) {
    try {
      await check();
      say(`ok      ${name}`);
    } catch (error) {
      healthy = false;
      say(`failed  ${name}: ${(error as Error).message}`);
    }
  }
  return healthy;
};

const engineChecks = (
  options: Options,
  config: LauncherConfig,
  say: (line: string) => void,
): [string, () => unknown][] => {
  switch (options.engine) {
    case 'embedded':
      return [['engine embedded', () => undefined]];
    case 'mongod':
      return [
        [
          'engine mongod',
          () => {
            if (locateMongodBinary(config) === undefined) {
              say(`warning no mongod on this machine: a start downloads one`);
            }
          },
        ],
      ];
    case 'atlas':
      return [
        [
          'engine atlas',
          async () => {
            const findings = await checkClusters(await remoteClusters(config));
            for (const { origin, problem, severity } of findings) {
              say(`${severity.padEnd(7)} ${origin} ${problem}`);
            }
            const errors = findings.filter(({ severity }) => severity === 'error');
            if (errors.length > 0) throw new Error(`${errors.length} problems`);
          },
        ],
      ];
  }
};
