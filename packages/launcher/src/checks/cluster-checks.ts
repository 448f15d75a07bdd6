import { MAIN_DATABASE, SLOTS_DATABASE } from '@marquee/slot-protocol';
import { MongoClient, type Document } from 'mongodb';
import type { RemoteClusters } from '../engines/atlas.ts';
import { METADATA } from '../engines/cluster-set.ts';

/** A cluster that does not answer in this time is taken for unreachable. */
export const REACH_WITHIN_MS = 10_000;

/** Tokens carry times; clocks that differ by more make them expire early or late. */
export const CLOCK_SKEW_MAX_MS = 5_000;

/** Snapshot transactions and the hello of this version are what the protocol stands on. */
export const MONGODB_MAJOR_MIN = 7;

/** What the NameNode keeps, on the metadata cluster. */
const DIRECTORY_DATABASE = 'marquee_directory';

/** Where the check that writes are allowed leaves its document; dropped at once. */
const PROBE_COLLECTION = 'write_probes';

export interface Finding {
  /** The variable or file entry that it is about. */
  readonly origin: string;
  readonly problem: string;
  /** A warning does not keep the system from starting. */
  readonly severity: 'error' | 'warning';
}

interface Target {
  readonly name: string;
  readonly uri: string;
  /** All that the system writes to there. */
  readonly databases: readonly string[];
}

interface Seen {
  readonly origin: string;
  readonly isMetadata: boolean;
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
    ...remote.clusters.map(({ name, uri }) => ({
      name,
      uri,
      databases: [SLOTS_DATABASE, MAIN_DATABASE],
    })),
    { name: METADATA, uri: remote.metadata.uri, databases: [DIRECTORY_DATABASE] },
  ];
  const results = await Promise.all(
    targets.map((target) => checkOne(remote.origins[target.name] ?? target.name, target)),
  );
  const seen = results.flatMap((result) => result.seen ?? []);
  return [...results.flatMap((result) => result.findings), ...givenTwice(seen), ...strangers(seen)];
};

const checkOne = async (
  origin: string,
  target: Target,
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
      ...(await checkWritable(client, target.databases, error)),
    ];
    const deployment = await deploymentOf(client, target);
    const isMetadata = target.name === METADATA;
    return { findings, seen: { origin, isMetadata, identity: identityOf(hello), deployment } };
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
  databases: readonly string[],
  error: (problem: string) => Finding,
): Promise<Finding[]> => {
  const findings: Finding[] = [];
  for (const database of databases) {
    const probe = client.db(database).collection(PROBE_COLLECTION);
    try {
      await probe.createIndex({ at: 1 });
      const { insertedId } = await probe.insertOne({ at: new Date() });
      await probe.deleteOne({ _id: insertedId });
      await probe.drop();
    } catch (cause) {
      const { codeName } = cause as { codeName?: string };
      findings.push(
        error(
          `does not let this user write to the database ${database}, or index it (${codeName ?? 'refused'})`,
        ),
      );
    }
  }
  return findings;
};

// Data clusters bear a stamp; the metadata cluster's first edit says which deployment it founded.
const deploymentOf = async (client: MongoClient, target: Target): Promise<string | undefined> => {
  const database = client.db(target.databases[0]);
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
  // Hosts before users: a host's name may have `auth` in it.
  if (/ENOTFOUND|querySrv/.test(message ?? '')) return 'names a host that cannot be resolved';
  if (/ECONNREFUSED/.test(message ?? ''))
    return 'names a host on which nothing listens at that port';
  if (codeName === 'AuthenticationFailed' || /auth/i.test(message ?? ''))
    return 'refuses this user or password';
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

/**
 * The metadata cluster says which deployment this is. Where it says nothing, this is a new one, and no
 * cluster may bear a stamp already.
 */
const strangers = (seen: readonly Seen[]): Finding[] => {
  const metadata = seen.find(({ isMetadata }) => isMetadata);
  if (!metadata) return [];
  return seen
    .filter(
      ({ isMetadata, deployment }) =>
        !isMetadata && deployment !== undefined && deployment !== metadata.deployment,
    )
    .map(({ origin }) => ({
      origin,
      problem:
        metadata.deployment === undefined
          ? `belongs to a deployment already, and ${metadata.origin} knows of none`
          : `belongs to another deployment than ${metadata.origin}`,
      severity: 'error' as const,
    }));
};
