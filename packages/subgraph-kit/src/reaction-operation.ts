import type { SlotOperation, SlotTransaction } from './data-layer.ts';
import type { Stored } from './document-source.ts';
import {
  interactionDocument,
  interactionId,
  summaryDocument,
  type InteractionContent,
  type Reaction,
  type SummaryContent,
} from './documents/interaction-document.ts';
import type { Operation } from './operation.ts';

export type StoredInteraction = Stored<InteractionContent>;
export type StoredSummary = Stored<SummaryContent>;

/** What becomes of a reaction: no such user or film, no reaction to take back, or it is as it should be. */
export type ReactionOutcome = {
  readonly outcome: 'no-user' | 'no-film' | 'no-reaction' | 'saved';
};

/** Who is to think what of which film from now on; null takes the reaction back. */
export interface ReactionChange {
  readonly movieId: string;
  readonly handle: string;
  readonly reaction: Reaction | null;
  /** There was no such user, who lives in another slot, when asked. A known operation answers as before. */
  readonly userIsMissing?: boolean;
  /** For what must be gone even where nobody sees it: a deleted film can be restored. */
  readonly evenIfFilmIsDeleted?: boolean;
}

/**
 * The one operation behind every reaction: interaction and counts change together, in the film's slot,
 * and only while the film is there. A reaction that is already so changes nothing.
 */
export const reactionOperation = (
  operation: Operation,
  { movieId, handle, reaction, userIsMissing = false, evenIfFilmIsDeleted = false }: ReactionChange,
  at: Date,
): SlotOperation<ReactionOutcome> => {
  const id = interactionId(movieId, handle);
  return {
    slotKey: movieId,
    ...operation,
    prefetch: [
      { collection: 'movies', id: movieId },
      { collection: 'user_interactions', id },
      { collection: 'user_interactions', id: movieId },
    ],
    apply: async (slot) => {
      if (userIsMissing) return { outcome: 'no-user' };
      const film = await slot.find('movies', movieId);
      if (!evenIfFilmIsDeleted && (film === null || film.deleted)) return { outcome: 'no-film' };
      const stored = (await slot.find('user_interactions', id)) as StoredInteraction | null;
      const before = stored === null || stored.deleted ? null : stored.reaction;
      if (before === reaction) return { outcome: reaction === null ? 'no-reaction' : 'saved' };
      putInteraction(slot, stored, { movieId, handle, reaction }, at);
      await changeCounts(slot, movieId, before, reaction);
      return { outcome: 'saved' };
    },
  };
};

const putInteraction = (
  slot: SlotTransaction,
  stored: StoredInteraction | null,
  { movieId, handle, reaction }: ReactionChange,
  at: Date,
): void => {
  const revision = (stored?.revision ?? 0) + 1;
  if (reaction === null) {
    if (stored === null) return;
    // What somebody thought, and when, is nobody's business any more.
    slot.put('user_interactions', {
      _id: stored._id,
      kind: stored.kind,
      movieId,
      handle,
      revision,
      deleted: true,
    });
    return;
  }
  // Who took a reaction back and reacts again begins anew.
  const createdAt = stored === null || stored.deleted ? at : stored.createdAt;
  slot.put('user_interactions', {
    ...interactionDocument({ movieId, handle, reaction, createdAt, updatedAt: at }),
    revision,
  });
};

const changeCounts = async (
  slot: SlotTransaction,
  movieId: string,
  before: Reaction | null,
  after: Reaction | null,
): Promise<void> => {
  const summary = (await slot.find('user_interactions', movieId)) as StoredSummary | null;
  const change = (reaction: Reaction) => Number(after === reaction) - Number(before === reaction);
  slot.put('user_interactions', {
    ...summaryDocument(movieId, {
      hidden: summary?.hidden ?? false,
      likeCount: (summary?.likeCount ?? 0) + change('LIKE'),
      dislikeCount: (summary?.dislikeCount ?? 0) + change('DISLIKE'),
    }),
    revision: (summary?.revision ?? 0) + 1,
  });
};
