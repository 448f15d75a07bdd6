import { findShard } from '../directory/directory-state.ts';
import type { Reason } from '../leader/leadership.ts';
import { directoryOf, type OperationContext } from './operation-context.ts';
import { settleShard } from './settle-shard.ts';

/**
 * Takes a replica that does not answer out of the shard: not promotable from the edit on; and once
 * no router can be reading it under a lease any more, the owner acknowledges without it.
 *
 * @returns the clusters that are in trouble too
 */
export const leave = async (
  context: OperationContext,
  shardName: string,
  cluster: string,
  reason: Reason,
): Promise<string[]> => {
  const member = findShard(directoryOf(context), shardName)?.members.find(
    (each) => each.cluster === cluster,
  );
  if (member?.status === 'in-sync' || member?.status === 'suspected') {
    await context.leadership.append({ kind: 'replica-left', shard: shardName, cluster }, reason);
  }
  return settleShard(context, shardName);
};
