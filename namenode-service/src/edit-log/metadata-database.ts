import { MarqueeError } from '@marquee/errors';
import { keepConnecting } from '@marquee/slot-protocol';
import { MongoClient, MongoError, MongoServerError, type Db } from 'mongodb';

/** The NameNode's database on the metadata cluster: `edits`, `snapshots`, `operations`, `leases`. */
export const METADATA_DATABASE = 'marquee_directory';

/** A stage of a call (finding the primary, a free connection, an answer) that takes longer fails it. */
export const METADATA_STAGE_MAX_MS = 3_000;

/** Few calls run at a time: the log's tail, the lease, one append, pages for people. */
const POOL_MAX_CONNECTIONS = 8;

/** The driver's own look at the deployment; the lease is raised more often. */
const HEARTBEAT_MS = 30_000;

export interface MetadataDatabase {
  readonly db: Db;
  close(): Promise<void>;
}

/** Connects lazily: a metadata cluster that is down fails the calls, not the construction. */
export const openMetadataDatabase = (uri: string, instance: string): MetadataDatabase => {
  const client = new MongoClient(uri, {
    appName: `marquee-namenode ${instance}`,
    maxPoolSize: POOL_MAX_CONNECTIONS,
    // The driver's overall `timeoutMS` has had no effect since 7.8; each stage has its own limit.
    serverSelectionTimeoutMS: METADATA_STAGE_MAX_MS,
    waitQueueTimeoutMS: METADATA_STAGE_MAX_MS,
    connectTimeoutMS: METADATA_STAGE_MAX_MS,
    socketTimeoutMS: METADATA_STAGE_MAX_MS,
    // A call that fails makes the driver look by itself.
    serverMonitoringMode: 'poll',
    heartbeatFrequencyMS: HEARTBEAT_MS,
    writeConcern: { w: 'majority' },
    readConcern: { level: 'majority' },
  });
  return { db: client.db(METADATA_DATABASE), close: keepConnecting(client) };
};

const DUPLICATE_KEY = 11_000;

/** Whether an insert or upsert found its `_id` taken. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === DUPLICATE_KEY;

/** Whatever the driver fails with has one code: what cannot be kept is not done. */
export const metadataCall = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    throw new MarqueeError('METADATA_UNAVAILABLE', {}, { cause });
  }
};
