import { readFile } from 'node:fs/promises';
import { MarqueeError } from '@marquee/errors';
import { z } from 'zod';

/** Names of shards and clusters: short, printable, safe in a URL, a file name and a log. */
export const ClusterName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'expected 1 to 32 of a-z, 0-9 and -');

const MongoUri = z
  .string()
  .regex(/^mongodb(\+srv)?:\/\//, 'expected a mongodb:// or mongodb+srv:// URI');

const ClustersFile = z.object({
  clusters: z
    .array(
      z.object({
        name: ClusterName,
        shard: ClusterName,
        role: z.enum(['owner', 'replica']),
        uri: MongoUri,
      }),
    )
    .min(1),
  metadata: z.object({ uri: MongoUri }),
});

/**
 * What the clusters file says: an address for every cluster, and the wish for a NEW deployment of
 * which shard it serves and as what. Afterwards the directory decides. Addresses hold credentials:
 * never log them.
 */
export type ClusterAddresses = Readonly<z.output<typeof ClustersFile>>;

/**
 * Reads the clusters file; call it again when a shard map names a cluster that is not in it.
 *
 * @throws CONFIGURATION_INVALID that names the entry, never its URI.
 */
export const readClusterAddresses = async (path: string): Promise<ClusterAddresses> => {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new MarqueeError(
      'CONFIGURATION_INVALID',
      { file: path },
      { message: `${path}: expected a readable JSON file`, cause },
    );
  }
  const parsed = ClustersFile.safeParse(content);
  const problems = parsed.success
    ? repeated(parsed.data.clusters.map((cluster) => cluster.name))
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new MarqueeError(
    'CONFIGURATION_INVALID',
    { problems },
    { message: `${path}: ${problems.join('; ')}` },
  );
};

const repeated = (names: readonly string[]): string[] =>
  names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => `clusters: the name ${name} is given twice`);
