import { slotsOfShard } from '../../src/directory/directory-state.ts';
import type { Change } from '../../src/directory/edit.ts';
import { OperationWorld } from '../doubles/operation-world.ts';

/** Slots of each of the two shards that are looked at. */
const SLOTS = 16;

/**
 * Shard `a` and shard `b` of three and two clusters, with 16 slots each: every step of the code is there,
 * but not hundreds of times. The third shard only takes up the rest of the slots.
 */
export const newCrashWorld = async (): Promise<OperationWorld> => {
  const world = new OperationWorld({
    a: ['a0', 'a1', 'a2'],
    b: ['b0', 'b1'],
    rest: ['rest0'],
  });
  for (const shard of ['a', 'b']) {
    const state = await world.directory();
    const slots = slotsOfShard(state, shard).slice(SLOTS);
    const plan = { kind: 'migration' as const, from: shard, to: 'rest', slots };
    const changes: Change[] = [
      { kind: 'operation-begun', operationId: shard, plan },
      { kind: 'slots-moved', operationId: shard, slots },
      ...world
        .clustersOf(shard)
        .map((cluster): Change => ({ kind: 'leftovers-cleared', cluster, slots })),
    ];
    for (const change of changes) world.log.note(change);
  }
  await world.found();
  return world;
};
