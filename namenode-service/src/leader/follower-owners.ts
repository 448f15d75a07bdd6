import { MarqueeError } from '@marquee/errors';
import type { OwnerDirectory } from '@marquee/slot-protocol';
import { findShard } from '../directory/directory-state.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';

/** Who owns what by this instance's copy of the directory, for writes of its own. */
export const followerOwners = (
  follower: Pick<DirectoryFollower, 'state' | 'readToEnd' | 'onChange'>,
): OwnerDirectory => ({
  /** @throws NOT_READY before anything was founded */
  ownerOf: (slot) => {
    const { state } = follower;
    const place = state.status === 'running' ? state.slots[slot] : undefined;
    const shard =
      place === undefined || state.status !== 'running' ? undefined : findShard(state, place.shard);
    if (shard === undefined) throw new MarqueeError('NOT_READY', { directory: state.status });
    return shard.owner;
  },
  version: () => follower.state.lastEdit,
  onChange: (listener) => void follower.onChange(listener),
  refresh: async () => {
    await follower.readToEnd();
  },
});
