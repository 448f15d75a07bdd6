import { MongoClient, type Document } from 'mongodb';
import type { RemoteClusters } from '../engines/atlas.ts';
import { METADATA } from '../engines/cluster-set.ts';

/** A cluster that does not answer in this time is taken for unreachable. */
export const REACH_WITHIN_MS = 10_000;

/** Tokens carry times; clocks that differ by more make them expire early or late. */
export const CLOCK_SKEW_MAX_MS = 5_000;

/** Snapshot transactions and the hello of this version are what the protocol stands on. */
export const MONGODB_MAJOR_MIN = 7;

/** Where the check that writes are allowed leaves its document; dropped at once. */
const PROBE_COLLECTION = 'write_probes';

export interface Finding {
  /** The variable or file entry that it is about. */
  readonly origin: string;
  readonly problem: string;
  /** A warning does not keep the system from starting. */
  readonly severity: 'error' | 'warning';
}

interface Seen {
  readonly origin: string;
  /** What tells one deployment from another: its set's name and its members. */
  readonly identity: string;
  readonly deployment: string | undefined;
}

/**
 * Looks at every cluster: reachable, a replica set, new enough, writable, its clock right, given once
 * only, and of no other deployment. Never shows an address: findings name variables.
 */
export const checkClusters = async (remote: RemoteClusters): Promise<Finding[]> => {
  const targets = [
    ...remote.clusters.map(({ name, uri }) => ({ name, uri, database: 'marquee_slots' })),
    { name: METADATA, uri: remote.metadata.uri, database: 'marquee_directory' },
  ];
  const results = await Promise.all(
    targets.map((target) => checkOne(remote.origins[target.name] ?? target.name, target)),
  );
  const seen = results.flatMap((result) => result.seen ?? []);
  return [...results.flatMap((result) => result.findings), ...givenTwice(seen), ...strangers(seen)];
};

const checkOne = async (
  origin: string,
  target: { name: string; uri: string; database: string },
): Promise<{ findings: Finding[]; seen?: Seen }> => {
  const error = (problem: string): Finding => ({ origin, problem, severity: 'error' });
  let client: MongoClient;
  try {
    client = new MongoClient(target.uri, {
      serverSelectionTimeoutMS: REACH_WITHIN_MS,
      connectTimeoutMS: REACH_WITHIN_MS,
      appName: 'marquee-doctor',
    });
  } catch {
    return { findings: [error('is not a connection string that the driver understands')] };
  }
  try {
    const sentAtMs = Date.now();
    const hello = await client.db('admin').command({ hello: 1 });
    const middleMs = (sentAtMs + Date.now()) / 2;
    const findings = [
      ...checkKind(hello, error),
      ...(await checkVersion(client, error)),
      ...checkClock(hello, middleMs, origin),
      ...(await checkWritable(client, target.database, error)),
    ];
    const deployment = await deploymentOf(client, target);
    return { findings, seen: { origin, identity: identityOf(hello), deployment } };
  } catch (cause) {
    return { findings: [error(reachProblem(cause))] };
  } finally {
    await client.close();
  }
};

const checkKind = (hello: Document, error: (problem: string) => Finding): Finding[] =>
  typeof hello.setName === 'string'
    ? []
    : [error('is not a replica set (a standalone mongod or a mongos); transactions need one')];

const checkVersion = async (
  client: MongoClient,
  error: (problem: string) => Finding,
): Promise<Finding[]> => {
  const { version } = (await client.db('admin').command({ buildInfo: 1 })) as { version: string };
  const major = Number(version.split('.')[0]);
  if (major >= MONGODB_MAJOR_MIN) return [];
  return [error(`runs MongoDB ${version}; ${MONGODB_MAJOR_MIN}.0 or later is needed`)];
};

const checkClock = (hello: Document, middleMs: number, origin: string): Finding[] => {
  if (!(hello.localTime instanceof Date)) return [];
  const skewMs = Math.round(hello.localTime.getTime() - middleMs);
  if (Math.abs(skewMs) <= CLOCK_SKEW_MAX_MS) return [];
  const problem = `has a clock that differs from this machine's by ${skewMs} ms; set both by NTP`;
  return [{ origin, problem, severity: 'warning' }];
};

const checkWritable = async (
  client: MongoClient,
  database: string,
  error: (problem: string) => Finding,
): Promise<Finding[]> => {
  const probe = client.db(database).collection(PROBE_COLLECTION);
  try {
    const { insertedId } = await probe.insertOne({ at: new Date() });
    await probe.deleteOne({ _id: insertedId });
    await probe.drop();
    return [];
  } catch (cause) {
    const { codeName } = cause as { codeName?: string };
    return [
      error(`does not let this user write to the database ${database} (${codeName ?? 'refused'})`),
    ];
  }
};

// Data clusters bear a stamp; the metadata cluster's first edit says which deployment it founded.
const deploymentOf = async (
  client: MongoClient,
  target: { name: string; database: string },
): Promise<string | undefined> => {
  const database = client.db(target.database);
  const found: unknown =
    target.name === METADATA
      ? (await database.collection<{ _id: number; change?: Document }>('edits').findOne({ _id: 1 }))
          ?.change?.deployment
      : (await database.collection('deployment').findOne({}))?.deployment;
  return typeof found === 'string' ? found : undefined;
};

const identityOf = (hello: Document): string =>
  `${String(hello.setName)} ${(hello.hosts as string[] | undefined)?.toSorted().join(',') ?? ''}`;

// Driver messages quote hosts and sometimes credentials: only their kind is told.
const reachProblem = (cause: unknown): string => {
  const { name, codeName, message } = cause as {
    name?: string;
    codeName?: string;
    message?: string;
  };
  if (codeName === 'AuthenticationFailed' || /auth/i.test(message ?? '')) {
    return 'refuses this user or password';
  }
  if (/ENOTFOUND|querySrv/.test(message ?? '')) return 'names a host that cannot be resolved';
  if (/ECONNREFUSED/.test(message ?? ''))
    return 'names a host on which nothing listens at that port';
  return `did not answer within ${REACH_WITHIN_MS / 1000} s (${name ?? 'unknown error'}); is this machine on its access list?`;
};

const givenTwice = (seen: readonly Seen[]): Finding[] =>
  seen.flatMap(({ origin, identity }, index) => {
    const earlier = seen.slice(0, index).find((other) => other.identity === identity);
    if (earlier === undefined) return [];
    return [
      { origin, problem: `is the same cluster as ${earlier.origin}`, severity: 'error' as const },
    ];
  });

const strangers = (seen: readonly Seen[]): Finding[] => {
  const stamped = seen.filter(({ deployment }) => deployment !== undefined);
  const [first] = stamped;
  return stamped
    .filter(({ deployment }) => deployment !== first?.deployment)
    .map(({ origin }) => ({
      origin,
      problem: `belongs to another deployment than ${first?.origin ?? 'the others'}`,
      severity: 'error' as const,
    }));
};
