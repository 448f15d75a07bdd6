import type { NewFences } from '@marquee/slot-protocol';
import type { FoundedDirectory } from '../directory/directory-state.ts';

/** The edit that founds a deployment is the log's first, and so the first epoch of every slot. */
const FOUNDING_EDIT = 1;

/**
 * The fences of one cluster of a new deployment: `open` where it owns, `follower` where it is a
 * replica, `moved` for the slots of other shards, so that every slot has a fence everywhere.
 */
export const foundingFences = (state: FoundedDirectory, cluster: string): NewFences[] => {
  const shard = state.shards.find(({ members }) => members.some((m) => m.cluster === cluster));
  const slots = state.slots.map((slot, number) => ({ number, ...slot }));
  const own = slots.filter((slot) => slot.shard === shard?.name);
  const foreign = slots.filter((slot) => slot.shard !== shard?.name);
  const numbers = (of: typeof slots) => of.map(({ number }) => number);
  const left: NewFences = {
    slots: numbers(foreign),
    state: 'moved',
    epoch: 0,
    edit: FOUNDING_EDIT,
  };
  if (shard === undefined) return [left];
  const isOwner = shard.owner === cluster;
  const others = shard.members.map((member) => member.cluster).filter((name) => name !== cluster);
  const used: NewFences = {
    slots: numbers(own),
    state: isOwner ? 'open' : 'follower',
    epoch: FOUNDING_EDIT,
    edit: FOUNDING_EDIT,
    pushTo: isOwner ? others : [],
  };
  return [used, left];
};
