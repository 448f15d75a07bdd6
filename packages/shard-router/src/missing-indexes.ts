import { isClusterUnreachable, type ClusterRegistry, type Deadline } from '@marquee/slot-protocol';
import { hasCode } from '@marquee/errors';
import type { SlotTable } from '@marquee/topology';

/**
 * What the declared indexes lack at the clusters that reads go to, by cluster. One that does not answer
 * says nothing: an outage must keep nobody from starting, and the NameNode looks before it is read again.
 */
export const missingIndexesOf = async (
  { map }: SlotTable,
  clusters: ClusterRegistry,
  deadline: Deadline,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const read = map.shards.flatMap(({ owner, replicas }) => [
    owner,
    ...replicas.filter(({ readable }) => readable).map(({ cluster }) => cluster),
  ]);
  const looks = await Promise.all(
    read.map(async (name): Promise<[string, readonly string[]]> => {
      try {
        return [name, await (await clusters.get(name)).missingIndexes(deadline)];
      } catch (error) {
        if (!isClusterUnreachable(error) && !hasCode(error, 'DEADLINE_EXCEEDED')) throw error;
        return [name, []];
      }
    }),
  );
  return new Map(looks.filter(([, missing]) => missing.length > 0));
};
