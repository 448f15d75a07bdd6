import {
  createServiceTokenSource,
  createServiceTokenVerifier,
  createUserTokenVerifier,
} from '@marquee/identity';
import type { Logger } from '@marquee/service-kit';
import {
  createClusterRegistry,
  SlotWriter,
  WRITE_LIMITS,
  type Clock,
  type SlotOperation,
} from '@marquee/slot-protocol';
import type { FastifyInstance } from 'fastify';
import type { AddressBook } from './clusters/address-book.ts';
import { MongoClusterStamps } from './clusters/mongo-cluster-stamps.ts';
import type { Config } from './config.ts';
import {
  quarantineOf,
  type DirectoryState,
  type FoundedDirectory,
} from './directory/directory-state.ts';
import { openMetadataDatabase } from './edit-log/metadata-database.ts';
import { createMongoEditLog } from './edit-log/mongo-edit-log.ts';
import { SnapshotKeeper } from './edit-log/snapshot-keeper.ts';
import { clusterProblem } from './health/cluster-problem.ts';
import { createClusterProbe } from './health/cluster-probe.ts';
import { HealthMonitor } from './health/health-monitor.ts';
import { IndexKeeper } from './health/index-keeper.ts';
import { HeartbeatMemory } from './health/heartbeat-memory.ts';
import { keepHeartbeats, type HeartbeatKeeping } from './health/keep-heartbeats.ts';
import { createMongoHeartbeatStore } from './health/mongo-heartbeat-store.ts';
import { QuarantineKeeper } from './health/quarantine-keeper.ts';
import { stewardHealth } from './health/steward-health.ts';
import { usableClusters } from './health/usable-cluster.ts';
import { createHttpApi } from './http/create-http-api.ts';
import { followerOwners } from './leader/follower-owners.ts';
import { listeningUrl } from './http/listening-url.ts';
import { performLeaderDuties } from './leader/leader-duties.ts';
import { createMongoOperationStore } from './operations/mongo-operation-store.ts';
import type { DeploymentSteward } from './operations/deployment-steward.ts';
import { Maintenance } from './operations/maintenance.ts';
import { OperationDesk } from './operations/operation-desk.ts';
import { newOperationId, newUuidV7 } from './operations/operation-id.ts';
import type { PurgeLimits } from './operations/purge-sweep.ts';
import { outcomeInLog } from './operations/outcome-in-log.ts';
import { createLeaderAsker } from './leader/leader-word.ts';
import { Leadership } from './leader/leadership.ts';
import { createMongoLeaseStore } from './leader/mongo-lease-store.ts';
import { pause } from './pause.ts';
import { DirectoryRebuild } from './rebuild/rebuild-directory.ts';
import { DirectoryFollower } from './served-map/directory-follower.ts';
import { MapSource } from './served-map/map-source.ts';

/** For giving up the lease at the end; without the metadata cluster there is nothing to wait for. */
const RESIGN_MAX_MS = 1_000;

export interface NameNodeOptions {
  readonly config: Config;
  readonly addresses: AddressBook;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly randomId: () => string;
  /** By default PURGE_LIMITS. */
  readonly purgeLimits?: PurgeLimits;
}

export interface NameNode {
  /** Not yet listening. */
  readonly app: FastifyInstance;
  /** Ends what runs in the background and closes all connections; after `app.close()`. */
  close(): Promise<void>;
}

/** One instance of the NameNode, put together from its parts; it begins to work at once. */
export const createNameNode = async (options: NameNodeOptions): Promise<NameNode> => {
  const { config, addresses, logger, clock } = options;
  const { instance, detectionTimeMs } = config;
  const metadata = openMetadataDatabase(addresses.current.metadata.uri, instance);
  const log = createMongoEditLog(metadata.db, options.randomId);
  const stamps = new MongoClusterStamps(addresses, instance);
  const registry = createClusterRegistry({
    addresses: () => addresses.refresh(),
    random: options.random,
    clock,
    deployment: () => (follower.state.status === 'empty' ? undefined : follower.state.deployment),
  });
  const follower = new DirectoryFollower(log, clock);
  const maps = new MapSource(follower, clock);

  const cluster = usableClusters(
    (name) => registry.get(name),
    () => follower.state,
  );
  const indexes = new IndexKeeper({ cluster, clock, logger });

  const heartbeats = new HeartbeatMemory();
  let keeping: HeartbeatKeeping | undefined;
  const probe = createClusterProbe({
    follower,
    stamps,
    heartbeats,
    raises: () => leadership.isLeader && keeping?.isLoaded === true,
    onVerdict: (name, verdict) => {
      quarantine.judge(name, verdict);
    },
  });
  const monitor = new HealthMonitor({
    probe,
    clock,
    detectionTimeMs,
    pace: () => (leadership.isLeader ? 'leading' : 'following'),
    onChange: (cluster, { status }) => {
      indexes.forget(cluster);
      logger.info({ event: 'cluster-health', cluster, status }, `${cluster} is ${status}`);
    },
  });

  const serviceTokens = createServiceTokenSource({
    secret: config.serviceSecret,
    service: 'namenode',
    now: () => clock.now(),
  });
  const leadership: Leadership = new Leadership({
    instance,
    url: () => config.advertisedUrl ?? listeningUrl(app),
    log,
    leases: createMongoLeaseStore(metadata.db),
    follower,
    clock,
    detectionTimeMs,
    askLeader: createLeaderAsker(() => serviceTokens.current()),
    onWarning: (what, error) => {
      logger.warn({ event: 'metadata', err: error }, what);
    },
  });
  const store = createMongoOperationStore(metadata.db);
  const heartbeatStore = createMongoHeartbeatStore(metadata.db);
  const quarantine = new QuarantineKeeper({
    leadership,
    follower,
    instance,
    logger,
    onChange: (shard) => {
      desk.activeSteward.compareSoon(shard);
    },
  });
  const isLeaseOver = (edit: number): boolean => {
    const { state } = follower;
    const leader = state.status === 'empty' ? null : state.leader;
    const leaseMs = Math.max(leader?.detectionTimeMs ?? 0, leader?.previousDetectionTimeMs ?? 0);
    return clock.monotonicNow() >= follower.learnedAtMs(edit) + leaseMs;
  };
  const healthOf = (name: string) =>
    stewardHealth(name, {
      state: follower.state,
      health: monitor.healthOf(name)?.health,
      indexes: indexes.stateOf(name),
      isLeaseOver,
    });
  const newId = () => newOperationId(clock.now(), options.randomId);
  const desk = new OperationDesk({
    cluster,
    leadership,
    follower,
    store,
    // An order need not wait until somebody has looked at the indexes.
    isHealthy: (name) =>
      (indexes.stateOf(name) === 'unknown' && quarantineOf(follower.state, name) === undefined
        ? monitor.healthOf(name)?.health
        : healthOf(name)
      )?.status === 'healthy',
    clock,
    newOperationId: newId,
  });

  const known = { addresses, stamps, cluster, leadership, follower, clock };
  const maintenance = new Maintenance({ ...known, desk });
  const rebuild = new DirectoryRebuild({ ...known, log });

  const app = await createHttpApi({
    logger,
    follower,
    maps,
    monitor,
    log,
    desk,
    store,
    healthOf: (name) => monitor.healthOf(name)?.health,
    problemOf: (name) =>
      clusterProblem({
        probeError: monitor.healthOf(name)?.error,
        missingIndexes: indexes.missingAt(name),
      }),
    leadership,
    maintenance,
    rebuild,
    clock,
    onBehind: (shard) => {
      desk.activeSteward.compareSoon(shard);
    },
    credentials: {
      verifyService: createServiceTokenVerifier(config.serviceSecret),
      verifyUser: userVerifier(config),
    },
    readiness: { directory: () => follower.state.status === 'running' },
  });

  // What repairs and purges write goes the way of all writes.
  const writer = new SlotWriter({
    clusters: registry,
    owners: followerOwners(follower),
    by: instance,
    clock,
    random: options.random,
    logger,
    limits: WRITE_LIMITS,
  });

  const duties = {
    ...known,
    newDeploymentId: options.randomId,
    instance,
    logger,
    steward: {
      store,
      healthOf,
      newOperationId: newId,
      outcomeInLog: (operationId: string) => outcomeInLog(log, operationId),
      automaticFailoverIntervalMs: config.automaticFailoverIntervalMs,
      onOwnerBehind: (name: string) => quarantine.accuse(name),
      write: (operation: SlotOperation) => writer.write(operation),
      newUuid: () => newUuidV7(clock.now(), options.randomId),
    },
    purge: {
      writer,
      randomId: options.randomId,
      ...(options.purgeLimits && { limits: options.purgeLimits }),
    },
    onSteward: (steward: DeploymentSteward) => {
      desk.steward = steward;
      // How far replicas lag is asked for at once, not a minute later.
      const { state } = follower;
      if (state.status === 'running')
        for (const { name } of state.shards) steward.compareSoon(name);
    },
  };
  leadership.onElected((term) => {
    logger.info({ event: 'elected', edit: follower.state.lastEdit }, 'this instance leads');
    monitor.hurry();
    keeping = keepHeartbeats(heartbeats, heartbeatStore, clock, term, (error) => {
      logger.warn({ event: 'metadata', err: error }, 'heartbeat numbers were not kept');
    });
    keepIndexes(follower.state);
    term.addEventListener('abort', () => {
      indexes.keep([]);
    });
    void performLeaderDuties(duties, term);
  });

  const keepIndexes = (state: DirectoryState): void => {
    // A founding creates them itself.
    if (leadership.isLeader && state.status === 'running') indexes.keep(clustersOf(state));
  };

  const snapshots = new SnapshotKeeper({
    log,
    isLeader: () => leadership.isLeader,
    onWarning: (error) => {
      logger.warn({ event: 'snapshot', err: error }, 'a snapshot was not kept');
    },
  });
  const unfollow = follower.onChange((state) => {
    if (state.status !== 'running') return;
    heartbeats.forget(state.quarantined);
    monitor.watch(clustersOf(state));
    keepIndexes(state);
    snapshots.learn(state, follower.snapshotEdit);
  });

  const stop = new AbortController();
  const running = leadership.run(stop.signal);
  return {
    app,
    close: async () => {
      stop.abort();
      // What is learned while the last calls end would begin to watch clusters again.
      unfollow();
      monitor.close();
      indexes.keep([]);
      await Promise.race([running, pause(clock, RESIGN_MAX_MS)]);
      await Promise.all([registry.close(), stamps.close(), metadata.close()]);
    },
  };
};

const clustersOf = ({ shards }: FoundedDirectory): string[] =>
  shards.flatMap(({ members }) => members.map(({ cluster }) => cluster));

const userVerifier = ({ userTokenPublicKey }: Config) => {
  if (userTokenPublicKey === null) return null;
  const verifier = createUserTokenVerifier(userTokenPublicKey);
  return (token: string, nowMs: number) => verifier.verify(token, nowMs);
};
