import { MongoClient, MongoServerError, type Collection } from 'mongodb';
import { DEPLOYMENT, keepConnecting, SLOTS_DATABASE } from '@marquee/slot-protocol';
import { PROBE_MAX_MS } from '../health/health-monitor.ts';
import type { AddressBook } from './address-book.ts';
import type { ClusterStamp, ClusterStamps, StoredStamp } from './cluster-stamp.ts';

/** Probes and stamps only, one at a time; the data goes over connections of its own. */
const POOL_MAX_CONNECTIONS = 2;

/** The driver's own look at the deployment; ours come more often. */
const HEARTBEAT_MS = 30_000;

const DUPLICATE_KEY = 11_000;

interface StampDocument extends ClusterStamp {
  readonly _id: 'deployment';
  /** Absent until a leader has raised it for the first time. */
  readonly heartbeat?: number;
}

interface Connection {
  readonly uri: string;
  readonly client: MongoClient;
  readonly close: () => Promise<void>;
}

const toStamp = ({ deployment, cluster, heartbeat = 0 }: StampDocument): StoredStamp => ({
  deployment,
  cluster,
  heartbeat,
});

/** Stamps in the bookkeeping database of each cluster, over connections used for nothing else. */
export class MongoClusterStamps implements ClusterStamps {
  readonly #addresses: AddressBook;
  readonly #instance: string;
  readonly #connections = new Map<string, Connection>();

  constructor(addresses: AddressBook, instance: string) {
    this.#addresses = addresses;
    this.#instance = instance;
  }

  async read(cluster: string, signal: AbortSignal): Promise<StoredStamp | null> {
    const stamps = await this.#stamps(cluster);
    const found = await stamps.findOne({ _id: 'deployment' }, { signal });
    return found === null ? null : toStamp(found);
  }

  async beat(
    cluster: string,
    { deployment, cluster: name }: ClusterStamp,
    signal: AbortSignal,
  ): Promise<StoredStamp | null> {
    const stamps = await this.#stamps(cluster);
    const before = await stamps.findOneAndUpdate(
      { _id: 'deployment', deployment, cluster: name },
      { $inc: { heartbeat: 1 } },
      { returnDocument: 'before' },
    );
    return before === null ? this.read(cluster, signal) : toStamp(before);
  }

  async claim(cluster: string, stamp: ClusterStamp, signal: AbortSignal): Promise<ClusterStamp> {
    const before = await this.read(cluster, signal);
    if (before !== null) return before;
    const stamps = await this.#stamps(cluster);
    try {
      await stamps.insertOne({ _id: 'deployment', ...stamp });
      return stamp;
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
      return (await this.read(cluster, signal)) ?? stamp;
    }
  }

  async close(): Promise<void> {
    const connections = [...this.#connections.values()];
    this.#connections.clear();
    await Promise.allSettled(connections.map(({ close }) => close()));
  }

  async #stamps(cluster: string): Promise<Collection<StampDocument>> {
    const uri = await this.#addresses.uriOf(cluster);
    let connection = this.#connections.get(cluster);
    if (connection?.uri !== uri) {
      // The clusters file was corrected.
      await connection?.close();
      const client = this.#connect(uri);
      connection = { uri, client, close: keepConnecting(client) };
      this.#connections.set(cluster, connection);
    }
    return connection.client.db(SLOTS_DATABASE).collection(DEPLOYMENT);
  }

  #connect(uri: string): MongoClient {
    return new MongoClient(uri, {
      appName: `marquee-namenode ${this.#instance} probe`,
      maxPoolSize: POOL_MAX_CONNECTIONS,
      serverSelectionTimeoutMS: PROBE_MAX_MS,
      waitQueueTimeoutMS: PROBE_MAX_MS,
      connectTimeoutMS: PROBE_MAX_MS,
      socketTimeoutMS: PROBE_MAX_MS,
      // A probe that fails makes the driver look by itself.
      serverMonitoringMode: 'poll',
      heartbeatFrequencyMS: HEARTBEAT_MS,
      writeConcern: { w: 'majority' },
      readConcern: { level: 'majority' },
      // A probe is made anew a moment later anyway.
      retryReads: false,
    });
  }
}
