import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoLogins } from '@marquee/demo-data';
import { MarqueeError } from '@marquee/errors';
import { claimDataFolder } from './checks/data-folder.ts';
import type { LauncherConfig } from './config.ts';
import { isDemoDataLoaded, markDemoDataLoaded } from './demo-data-marker.ts';
import { endpointsPath, writeEndpoints, type Endpoints } from './endpoints.ts';
import type { ClusterSet } from './engines/cluster-set.ts';
import { chooseClusters, localClusterNames } from './engines/choose-clusters.ts';
import type { Options } from './options.ts';
import { assignPorts } from './ports.ts';
import { nodeProgram } from './processes/process-spec.ts';
import { runToEnd } from './processes/run-to-end.ts';
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
  const aborted = new AbortController();
  const supervisor = new Supervisor({
    logDir: join(options.dataDir, 'logs'),
    restart: options.restart,
    print,
    onChange: () => refreshEndpoints(),
  });
  let endpoints: Endpoints | undefined;
  const refreshEndpoints = (): void => {
    if (endpoints === undefined || aborted.signal.aborted) return;
    endpoints = { ...endpoints, processes: supervisor.running() };
    writeEndpoints(options.dataDir, endpoints);
  };
  const stop = async (): Promise<void> => {
    aborted.abort();
    rmSync(endpointsPath(options.dataDir), { force: true });
    await supervisor.stop();
    claim.release();
  };
  const kill = (): void => {
    aborted.abort();
    supervisor.kill();
    claim.release();
  };
  input.onStoppable({ stop, kill });
  try {
    endpoints = await bringUp(input, supervisor, aborted.signal);
    refreshEndpoints();
    return { endpoints, stop, kill };
  } catch (error) {
    await stop();
    throw error;
  }
};

const bringUp = async (
  { root, options, config, print }: StartInput,
  supervisor: Supervisor,
  signal: AbortSignal,
): Promise<Endpoints> => {
  rmSync(endpointsPath(options.dataDir), { force: true });
  if (options.reset) clear(options.dataDir);
  const environment = childEnvironment(config);
  const ports = await assignPorts(
    options.portBase,
    nameNodeNames(options.nameNodes),
    localClusterNames(options),
  );
  const secrets = await ensureSecrets(options.dataDir);
  const clusters = await chooseClusters({ root, options, config, ports, environment, print });
  const clustersFile = join(options.dataDir, 'clusters.json');
  const { metadata } = clusters;
  writeFileSync(clustersFile, JSON.stringify({ clusters: clusters.clusters, metadata }, null, 2), {
    mode: 0o600,
  });
  const plan = planServices({ root, options, ports, secrets, clustersFile, environment });

  const stage = async (specs: Parameters<Supervisor['startStage']>[0]): Promise<void> => {
    if (signal.aborted) throw new MarqueeError('NOT_READY', {}, { message: 'stopped' });
    await supervisor.startStage(specs);
  };
  await stage(clusters.processes);
  await clusters.prepare?.();
  await stage(plan.nameNodes);
  await Promise.all([
    stage([...plan.subgraphs, plan.gateway]),
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
          signal,
        })
      : undefined,
  ]);
  return describe(clusters, plan, options);
};

const clear = (dataDir: string): void => {
  for (const name of ['clusters', 'mongod', 'demo-data.loaded', 'logs']) {
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
  signal: AbortSignal;
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
  await runToEnd(loader, print, input.signal);
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
