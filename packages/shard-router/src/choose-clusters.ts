import type { Shard } from '@marquee/topology';

export interface ClusterChoice {
  readonly shard: Shard;
  readonly readFrom: 'in-sync' | 'owner';
  readonly isResting: (cluster: string) => boolean;
  /** From 0 to 1, spreads reads over the clusters. */
  readonly random: number;
}

/**
 * The clusters of a shard that a read may go to, in the order in which to try them: readable replicas
 * spread, then the owner; what failed lately comes last, the owner before its replicas. With `owner`
 * the owner alone.
 */
export const chooseClusters = ({
  shard,
  readFrom,
  isResting,
  random,
}: ClusterChoice): readonly string[] => {
  if (readFrom === 'owner') return [shard.owner];
  const readable = shard.replicas
    .filter((replica) => replica.readable)
    .map(({ cluster }) => cluster);
  const awake = readable.filter((cluster) => !isResting(cluster));
  const resting = readable.filter(isResting);
  const start = Math.min(Math.floor(random * awake.length), Math.max(0, awake.length - 1));
  return [...awake.slice(start), ...awake.slice(0, start), shard.owner, ...resting].sort(
    (left, right) => Number(isResting(left)) - Number(isResting(right)),
  );
};

/**
 * The same where no lease makes replicas safe to trust: the owner first, whose answer is the least old.
 */
export const ownerFirst = (shard: Shard): readonly string[] => [
  shard.owner,
  ...shard.replicas.filter(({ readable }) => readable).map(({ cluster }) => cluster),
];
