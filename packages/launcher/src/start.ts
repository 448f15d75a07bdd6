import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoLogins } from '@marquee/demo-data';
import { MarqueeError } from '@marquee/errors';
import { claimDataFolder } from './checks/data-folder.ts';
import type { LauncherConfig } from './config.ts';
import { isDemoDataLoaded, markDemoDataLoaded } from './demo-data-marker.ts';
import type { Endpoints } from './endpoints.ts';
import { EndpointsFile } from './endpoints-file.ts';
import type { ClusterSet } from './engines/cluster-set.ts';
import { chooseClusters, localClusterNames } from './engines/choose-clusters.ts';
import type { Options } from './options.ts';
import { assignPorts } from './ports.ts';
import { nodeProgram } from './processes/process-spec.ts';
import { Supervisor } from './processes/supervisor.ts';
import { ensureSecrets, type Secrets } from './secrets.ts';
import { nameNodeNames, planServices, type ServicePlan } from './service-plan.ts';

export interface RunningSystem {
  readonly endpoints: Endpoints;
  /** Drains in reverse order of the start; resolves when every process is gone. */
  stop(): Promise<void>;
  /** Ends everything at once. */
  kill(): void;
}

export interface StartInput {
  readonly root: string;
  readonly options: Options;
  readonly config: LauncherConfig;
  readonly print: (name: string, line: string) => void;
  /** Told as soon as there is something to stop, long before the start is complete. */
  readonly onStoppable: (system: Pick<RunningSystem, 'stop' | 'kill'>) => void;
}

/** What of our own environment the children get: what a program needs to run, no secrets. */
const childEnvironment = (config: LauncherConfig): Record<string, string> => ({
  PATH: config.PATH,
  ...(config.HOME === undefined ? {} : { HOME: config.HOME }),
  ...(config.TMPDIR === undefined ? {} : { TMPDIR: config.TMPDIR }),
  NODE_ENV: 'production',
  // glibc gives each thread an arena of its own, which keeps what it once had: V8 and libuv have a dozen
  // threads in each of a dozen processes.
  MALLOC_ARENA_MAX: '1',
  APOLLO_TELEMETRY_DISABLED: '1',
  LOG_LEVEL: config.LOG_LEVEL,
});

/**
 * Starts the whole system: clusters, NameNode, then the subgraphs while the demo data is loaded, and
 * the gateway. Resolves once everything is ready and `endpoints.json` is written.
 *
 * @throws CONFIGURATION_INVALID for what is wrong on this machine, named; NOT_READY for a process
 * that does not come up. Nothing is left running then.
 */
export const startSystem = async (input: StartInput): Promise<RunningSystem> => {
  const { options, print } = input;
  const claim = claimDataFolder(options.dataDir);
  const file = new EndpointsFile(options.dataDir, {
    onTrouble: (message) => print('launcher', message),
  });
  file.withdraw();
  let described: Endpoints | undefined;
  const ended = new AbortController();
  const supervisor = new Supervisor({
    logDir: join(options.dataDir, 'logs'),
    restart: options.restart,
    print,
    onChange: () => {
      if (described === undefined || ended.signal.aborted) return;
      file.update({ ...described, processes: supervisor.running() });
    },
  });
  const stop = async (): Promise<void> => {
    ended.abort();
    file.withdraw();
    await supervisor.stop();
    claim.release();
  };
  const kill = (): void => {
    ended.abort();
    supervisor.kill();
    file.withdraw();
    claim.release();
  };
  input.onStoppable({ stop, kill });
  try {
    described = await bringUp(input, supervisor);
    if (ended.signal.aborted) throw new MarqueeError('NOT_READY', {}, { message: 'stopped' });
    const endpoints = { ...described, processes: supervisor.running() };
    file.publish(endpoints);
    return { endpoints, stop, kill };
  } catch (error) {
    await stop();
    throw error;
  }
};

const bringUp = async (
  { root, options, config, print }: StartInput,
  supervisor: Supervisor,
): Promise<Endpoints> => {
  const environment = childEnvironment(config);
  const ports = await assignPorts(
    options.portBase,
    nameNodeNames(options.nameNodes),
    localClusterNames(options),
  );
  const secrets = await ensureSecrets(options.dataDir);
  const clusters = await chooseClusters({ root, options, config, ports, environment, print });
  // Not before all checks: a start that is refused must not have cost the data.
  if (options.reset) clear(options.dataDir);
  clusters.makeFolders?.();
  const clustersFile = join(options.dataDir, 'clusters.json');
  const { metadata } = clusters;
  writeFileSync(clustersFile, JSON.stringify({ clusters: clusters.clusters, metadata }, null, 2), {
    mode: 0o600,
  });
  const plan = planServices({ root, options, ports, secrets, clustersFile, environment });

  await supervisor.startStage(clusters.processes);
  await clusters.prepare?.();
  await supervisor.startStage(plan.nameNodes);
  await Promise.all([
    // Two stages, so that the gateway stops asking before those that it asks stop answering.
    supervisor.startStage(plan.subgraphs),
    supervisor.startStage([plan.gateway]),
    options.demoData
      ? loadDemoData({
          root,
          options,
          clusters,
          plan,
          secrets,
          clustersFile,
          environment,
          print,
          supervisor,
        })
      : undefined,
  ]);
  return describe(clusters, plan, options);
};

const clear = (dataDir: string): void => {
  for (const name of ['demo-data.loaded', 'clusters', 'mongod', 'logs']) {
    rmSync(join(dataDir, name), { recursive: true, force: true });
  }
};

const loadDemoData = async (input: {
  root: string;
  options: Options;
  clusters: ClusterSet;
  plan: ServicePlan;
  secrets: Secrets;
  clustersFile: string;
  environment: Readonly<Record<string, string>>;
  print: StartInput['print'];
  supervisor: Supervisor;
}): Promise<void> => {
  const { options, clusters, plan, secrets, print } = input;
  if (isDemoDataLoaded(options.dataDir, clusters)) {
    print('demo-data', 'loaded by an earlier start');
    return;
  }
  const loader = nodeProgram(input.root, {
    name: 'demo-data',
    script: 'packages/launcher/dist/load/main.js',
    env: {
      ...input.environment,
      NAMENODE_URLS: plan.urls.nameNodes.join(','),
      MARQUEE_CLUSTERS_FILE: input.clustersFile,
      MARQUEE_SERVICE_SECRET_FILE: secrets.serviceSecret,
      DETECTION_TIME_MS: String(options.detectionTimeMs),
    },
  });
  await input.supervisor.runToEnd(loader);
  markDemoDataLoaded(options.dataDir, clusters);
};

const describe = (clusters: ClusterSet, plan: ServicePlan, options: Options): Endpoints => ({
  gateway: `${plan.urls.gateway}/graphql`,
  graphiql: `${plan.urls.gateway}/graphiql`,
  user: `${plan.urls.gateway}/`,
  admin: `${plan.urls.gateway}/admin/`,
  nameNodes: plan.urls.nameNodes,
  subgraphs: plan.urls.subgraphs,
  clusters: clusters.clusters,
  metadata: clusters.metadata,
  logins: options.demoData ? demoLogins : [],
  processes: [],
});
