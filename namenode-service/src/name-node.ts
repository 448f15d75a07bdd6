import type { AddressInfo } from 'node:net';
import { createServiceTokenVerifier, createUserTokenVerifier } from '@marquee/identity';
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
import { requireStamp } from './clusters/cluster-stamp.ts';
import { MongoClusterStamps } from './clusters/mongo-cluster-stamps.ts';
import type { Config } from './config.ts';
import { isSnapshotDue } from './edit-log/load-directory.ts';
import { openMetadataDatabase } from './edit-log/metadata-database.ts';
import { createMongoEditLog } from './edit-log/mongo-edit-log.ts';
import { HealthMonitor } from './health/health-monitor.ts';
import { createHttpApi } from './http/create-http-api.ts';
import { performLeaderDuties } from './leader/leader-duties.ts';
import { createMongoOperationStore } from './operations/mongo-operation-store.ts';
import type { DeploymentSteward } from './operations/deployment-steward.ts';
import { Maintenance } from './operations/maintenance.ts';
import { OperationDesk } from './operations/operation-desk.ts';
import { newOperationId, newUuidV7 } from './operations/operation-id.ts';
import { outcomeInLog } from './operations/outcome-in-log.ts';
import { Leadership } from './leader/leadership.ts';
import { createMongoLeaseStore } from './leader/mongo-lease-store.ts';
import { pause } from './pause.ts';
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
  });
  const follower = new DirectoryFollower(log, clock);
  const maps = new MapSource(follower, clock);

  const probe = async (cluster: string, signal: AbortSignal): Promise<void> => {
    const { state } = follower;
    if (state.status === 'empty') return;
    const expected = { deployment: state.deployment, cluster };
    requireStamp(expected, await stamps.read(cluster, signal));
  };
  const monitor = new HealthMonitor({
    probe,
    clock,
    detectionTimeMs,
    onChange: (cluster, { status }) => {
      logger.info({ event: 'cluster-health', cluster, status }, `${cluster} is ${status}`);
    },
  });

  const leadership: Leadership = new Leadership({
    instance,
    url: () => config.advertisedUrl ?? urlOf(app),
    log,
    leases: createMongoLeaseStore(metadata.db),
    follower,
    clock,
    detectionTimeMs,
    onWarning: (what, error) => {
      logger.warn({ event: 'metadata', err: error }, what);
    },
  });
  const store = createMongoOperationStore(metadata.db);
  const healthOf = (cluster: string) => monitor.healthOf(cluster)?.health;
  const newId = () => newOperationId(clock.now(), options.randomId);
  const cluster = (name: string) => registry.get(name);
  const desk = new OperationDesk({
    cluster,
    leadership,
    follower,
    store,
    isHealthy: (cluster) => healthOf(cluster)?.status === 'healthy',
    clock,
    newOperationId: newId,
  });

  const maintenance = new Maintenance({ leadership, follower, desk, stamps, cluster, clock });

  const app = await createHttpApi({
    logger,
    follower,
    maps,
    monitor,
    log,
    desk,
    store,
    healthOf,
    leadership,
    maintenance,
    now: () => clock.now(),
    onBehind: (shard) => {
      if (leadership.isLeader) desk.activeSteward.compareSoon(shard);
    },
    credentials: {
      verifyService: createServiceTokenVerifier(config.serviceSecret),
      verifyUser: userVerifier(config),
    },
    readiness: { directory: () => follower.state.status === 'running' },
  });

  // What a repair writes goes the way of all writes.
  const writer = new SlotWriter({
    clusters: registry,
    owners: {
      ownerOf: (slot) => maps.current().table.placementOf(slot).shard.owner,
      version: () => follower.state.lastEdit,
      refresh: () => follower.readToEnd(),
    },
    by: instance,
    clock,
    random: options.random,
    logger,
    limits: WRITE_LIMITS,
  });

  const duties = {
    addresses,
    stamps,
    cluster,
    leadership,
    follower,
    clock,
    newDeploymentId: options.randomId,
    instance,
    logger,
    steward: {
      store,
      healthOf,
      newOperationId: newId,
      outcomeInLog: (operationId: string) => outcomeInLog(log, operationId),
      automaticFailoverIntervalMs: config.automaticFailoverIntervalMs,
      write: (operation: SlotOperation) => writer.write(operation),
      newUuid: () => newUuidV7(clock.now(), options.randomId),
    },
    onSteward: (steward: DeploymentSteward) => {
      desk.steward = steward;
    },
  };
  leadership.onElected((term) => {
    logger.info({ event: 'elected', edit: follower.state.lastEdit }, 'this instance leads');
    void performLeaderDuties(duties, term);
  });

  follower.onChange((state) => {
    if (state.status !== 'running') return;
    monitor.watch(state.shards.flatMap(({ members }) => members.map(({ cluster }) => cluster)));
    if (!leadership.isLeader || !isSnapshotDue(state)) return;
    log.saveSnapshot(state).catch((error: unknown) => {
      // The next start reads more edits; nothing else is lost.
      logger.warn({ event: 'snapshot', err: error }, 'a snapshot was not kept');
    });
  });

  const stop = new AbortController();
  const running = leadership.run(stop.signal);
  return {
    app,
    close: async () => {
      stop.abort();
      monitor.close();
      await Promise.race([running, pause(clock, RESIGN_MAX_MS)]);
      await Promise.all([registry.close(), stamps.close(), metadata.close()]);
    },
  };
};

const userVerifier = ({ userTokenPublicKey }: Config) => {
  if (userTokenPublicKey === null) return null;
  const verifier = createUserTokenVerifier(userTokenPublicKey);
  return (token: string, nowMs: number) => verifier.verify(token, nowMs);
};

const urlOf = (app: FastifyInstance): string | null => {
  const address = app.server.address() as AddressInfo | null;
  if (address === null) return null;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${String(address.port)}`;
};
