import { findShard } from '../directory/directory-state.ts';
import type { Reason } from '../leader/leadership.ts';
import { leave } from './leave.ts';
import { directoryOf, type OperationContext } from './operation-context.ts';
import { OperationImpossible } from './operation-failure.ts';
import type { Journal } from './run-operation.ts';

export interface Removal {
  readonly shard: string;
  readonly cluster: string;
  readonly reason: Reason;
  readonly journal: Journal;
}

/**
 * Takes a replica out of its shard for good: it leaves, and is removed once the owner pushes to it no
 * more. The caller holds the lock of the shard. Can be repeated: what is done is not done again.
 *
 * @throws OPERATION_IMPOSSIBLE while fences of the shard cannot be changed: it has left by then, and is
 * removed by the next order; INTERNAL if it must not leave
 */
export const removeCluster = async (
  context: OperationContext,
  { shard, cluster, reason, journal }: Removal,
): Promise<void> => {
  const members = findShard(directoryOf(context), shard)?.members ?? [];
  if (!members.some((member) => member.cluster === cluster)) return;
  journal(`${cluster} leaves`);
  const trouble = await leave(context, shard, cluster, reason);
  // An owner that still pushes to it would acknowledge nothing once it is gone.
  if (trouble.length > 0) {
    const silent = trouble.join(', ');
    throw new OperationImpossible(
      `fences of ${silent} cannot be changed: ${cluster} has left and is not removed yet`,
    );
  }
  journal(`remove ${cluster}`);
  await context.leadership.append({ kind: 'cluster-removed', shard, cluster }, reason);
};
