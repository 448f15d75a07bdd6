import type { SlotMaintenance, SlotOperation } from '@marquee/slot-protocol';
import { countReactions } from './check-slots.ts';

/**
 * The operation that makes a film's counts what its reactions add up to: numbered by the owner like any
 * other, so that its replicas get the same counts in the same order.
 */
export const recountOperation = (movieId: string, operationId: string): SlotOperation => ({
  slotKey: movieId,
  operationId,
  requestHash: `recount ${movieId}`,
  apply: (slot) => recount(slot as SlotMaintenance, movieId),
});

const recount = async (slot: SlotMaintenance, movieId: string) => {
  const interactions = await slot.findAll('user_interactions');
  const { likes, dislikes } = countReactions(interactions).get(movieId) ?? {
    likes: 0,
    dislikes: 0,
  };
  const summary = interactions.find(({ _id }) => _id === movieId);
  slot.put('user_interactions', {
    hidden: false,
    ...summary,
    _id: movieId,
    kind: 'summary',
    movieId,
    likeCount: likes,
    dislikeCount: dislikes,
    deleted: false,
    revision: (summary?.revision ?? 0) + 1,
  });
  return { likeCount: likes, dislikeCount: dislikes };
};
