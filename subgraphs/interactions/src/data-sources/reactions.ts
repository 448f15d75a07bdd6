import DataLoader from 'dataloader';
import type { MarqueeError } from '@marquee/errors';
import {
  type Operation,
  presentViewer,
  type ReactionChange,
  reactionOperation,
  type ReactionOutcome,
  type RequestScope,
  type StoredInteraction,
  type StoredSummary,
} from '@marquee/subgraph-kit';
import { interactionId, type Reaction } from '@marquee/subgraph-kit/documents';

export interface ReactionCounts {
  readonly likeCount: number;
  readonly dislikeCount: number;
}

/**
 * What users think of films. Counts and reactions of a whole page are read together: both lie in
 * `user_interactions` under ids that are known beforehand.
 */
export interface Reactions {
  /** Exact; zeros for a film without reactions. @throws SHARD_UNAVAILABLE */
  countsOf(movieId: string): Promise<ReactionCounts>;
  /** Null for no reaction. @throws SHARD_UNAVAILABLE */
  find(movieId: string, handle: string): Promise<StoredInteraction | null>;
  /** What the viewer thinks of the film; null for nobody, and for a viewer whose token was ended. */
  viewerReaction(movieId: string): Promise<Reaction | null>;
  set(operation: Operation, change: ReactionChange): Promise<ReactionOutcome['outcome']>;
  /** Whether there is such a user, who therefore may have reactions. @throws SHARD_UNAVAILABLE */
  userExists(handle: string): Promise<boolean>;
}

export const createReactions = (scope: RequestScope): Reactions => {
  const documents = new DataLoader<string, StoredInteraction | StoredSummary | null>(
    async (ids) => {
      const found = await scope.router.findByIds('user_interactions', ids, scope.readOptions);
      return found as (StoredInteraction | StoredSummary | null | MarqueeError)[];
    },
  );

  const find = async (movieId: string, handle: string) =>
    (await documents.load(interactionId(movieId, handle))) as StoredInteraction | null;

  return {
    countsOf: async (movieId) => {
      const summary = (await documents.load(movieId)) as StoredSummary | null;
      return summary ?? { likeCount: 0, dislikeCount: 0 };
    },
    find,
    viewerReaction: async (movieId) => {
      const viewer = await presentViewer({ scope });
      return viewer === undefined ? null : ((await find(movieId, viewer.handle))?.reaction ?? null);
    },
    set: async (operation, change) => {
      const at = new Date(scope.now());
      const { outcome } = await scope.router.write(reactionOperation(operation, change, at));
      scope.restartReadClock();
      documents.clear(change.movieId).clear(interactionId(change.movieId, change.handle));
      return outcome;
    },
    userExists: async (handle) => {
      const [user] = await scope.router.findByIds('users', [handle], {
        ...scope.readOptions,
        projection: { _id: 1 },
      });
      if (user instanceof Error) throw user;
      return user !== null && user !== undefined;
    },
  };
};
