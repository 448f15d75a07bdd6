import { MarqueeError } from '@marquee/errors';
import { MongoClient, type MongoClientOptions } from 'mongodb';

/** Limits of one process's connections to one cluster, with their defaults. */
export interface ConnectionLimits {
  /** Connections: enough for the writes under way; Atlas's smallest tiers allow 500 for everybody. */
  readonly poolMax: number;
  /** Waiting for a free connection; longer means that the cluster cannot keep up. */
  readonly poolWaitMaxMs: number;
  /** Waiting for a primary in one attempt; whoever has a longer deadline tries again. */
  readonly primaryWaitMaxMs: number;
  /** Opening a connection, and a heartbeat's answer. */
  readonly connectMaxMs: number;
  /**
   * Between heartbeats to each member of the deployment. Rarely: every process sends them to every
   * cluster all the time, and a free Atlas cluster allows little. What waits for a cluster has the driver
   * look at once, and gives up by its own deadline; a heartbeat only ends what hangs at a frozen one.
   */
  readonly heartbeatMs: number;
  /** An answer that takes longer than any deadline: ends what was given up, frees its connection. */
  readonly socketIdleMaxMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  poolMax: 40,
  poolWaitMaxMs: 5_000,
  primaryWaitMaxMs: 5_000,
  connectMaxMs: 4_000,
  heartbeatMs: 20_000,
  socketIdleMaxMs: 30_000,
};

export interface ClusterAddress {
  readonly name: string;
  /** May hold credentials: goes to the driver and nowhere else. */
  readonly uri: string;
}

/**
 * A client for one cluster; connects when first used.
 *
 * @throws CONFIGURATION_INVALID that names the cluster and says nothing of the address.
 */
export const openClient = (
  { name, uri }: ClusterAddress,
  limits: ConnectionLimits = CONNECTION_LIMITS,
): MongoClient => {
  const options: MongoClientOptions = {
    appName: 'marquee',
    maxPoolSize: limits.poolMax,
    waitQueueTimeoutMS: limits.poolWaitMaxMs,
    serverSelectionTimeoutMS: limits.primaryWaitMaxMs,
    connectTimeoutMS: limits.connectMaxMs,
    heartbeatFrequencyMS: limits.heartbeatMs,
    // Streaming costs a second connection with pings of its own, per member and process.
    serverMonitoringMode: 'poll',
    socketTimeoutMS: limits.socketIdleMaxMs,
    retryWrites: true,
    // Reads are repeated by the router, at another cluster: the driver would wait for this one.
    retryReads: false,
    writeConcern: { w: 'majority' },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
  };
  try {
    return new MongoClient(uri, options);
  } catch {
    // The driver's error may quote the address, so it is not handed on, not even as the cause.
    throw new MarqueeError(
      'CONFIGURATION_INVALID',
      { cluster: name },
      { message: `the address of cluster ${name} is not a MongoDB connection string` },
    );
  }
};
