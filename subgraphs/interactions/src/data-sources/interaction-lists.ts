import DataLoader from 'dataloader';
import { MarqueeError } from '@marquee/errors';
import {
  countStages,
  type DocumentFilter,
  listStages,
  type Page,
  type PageRequest,
  type RequestScope,
  type StagedList,
  type StoredInteraction,
  type StoredSummary,
} from '@marquee/subgraph-kit';
import type { Reaction } from '@marquee/subgraph-kit/documents';

export interface InteractionFilter {
  readonly movieId?: string | null | undefined;
  readonly userId?: string | null | undefined;
  readonly reaction?: Reaction | null | undefined;
}

/** Lists over all shards, by index. The interactions of deleted films are not in them. */
export interface InteractionLists {
  /** The newest first. */
  list(filter: InteractionFilter, page: PageRequest): Promise<Page<StoredInteraction>>;
  count(filter: InteractionFilter): Promise<number>;
  /** Films with likes, the most first. */
  mostLiked(page: PageRequest): Promise<Page<StoredSummary>>;
  /** How many films have likes. */
  countLiked(): Promise<number>;
}

/** Steps that fill one page where deleted films leave gaps; past that the next page goes on from there. */
const STEPS_MAX = 10;

/** Interactions that a step takes once there are gaps; the largest page that the router gives. */
const STEP_SIZE = 1_000;

/** Hidden films that one step of a count takes: it asks for their interactions by film. */
const HIDDEN_PAGE_SIZE = 1_000;

export const createInteractionLists = (scope: RequestScope): InteractionLists => {
  const isVisible = createVisibility(scope);
  return {
    list: async (filter, { first, after }) => {
      if (filter.movieId && !(await isVisible(filter.movieId))) return EMPTY;
      const list = listOf(filter);
      const nodes: StoredInteraction[] = [];
      const cursors: string[] = [];
      const unavailable = new Set<string>();
      let position = after;
      let hasMore = true;
      // One node more than wanted tells whether there is a next page of visible ones.
      for (let step = 0; step < STEPS_MAX && hasMore && nodes.length <= first; step += 1) {
        const page = await listStages(scope, list, {
          first: step === 0 ? first + 1 : STEP_SIZE,
          ...(position === undefined ? {} : { after: position }),
        });
        for (const shard of page.unavailable) unavailable.add(shard);
        const interactions = page.nodes as readonly unknown[] as readonly StoredInteraction[];
        const visible = await Promise.all(interactions.map(({ movieId }) => isVisible(movieId)));
        for (const [index, interaction] of interactions.entries()) {
          if (visible[index] !== true) continue;
          nodes.push(interaction);
          cursors.push(page.cursors[index] ?? '');
        }
        position = page.cursors.at(-1);
        hasMore = page.hasNextPage && position !== undefined;
      }
      const isFull = nodes.length > first;
      return {
        nodes: nodes.slice(0, first),
        cursors: cursors.slice(0, first),
        hasNextPage: isFull || hasMore,
        // A short page ends where its steps have: asked for again from its last node, it would stay short.
        ...(!isFull && hasMore && position !== undefined ? { endCursor: position } : {}),
        unavailable: [...unavailable],
      };
    },

    count: async (filter) => {
      if (filter.movieId && !(await isVisible(filter.movieId))) return 0;
      const list = listOf(filter);
      const [all, hidden] = await Promise.all([
        countStages(scope, list),
        countHidden(scope, conditionsOf(filter)),
      ]);
      return all - hidden;
    },

    mostLiked: async (request) => {
      const page = await listStages(scope, MOST_LIKED, request);
      return { ...page, nodes: page.nodes as readonly unknown[] as readonly StoredSummary[] };
    },

    countLiked: () => countStages(scope, MOST_LIKED),
  };
};

const EMPTY: Page<never> = { nodes: [], cursors: [], hasNextPage: false, unavailable: [] };

const MOST_LIKED: StagedList = {
  collection: 'user_interactions',
  name: 'most-liked',
  stages: [
    {
      filter: { kind: 'summary', hidden: false, likeCount: { $gt: 0 } },
      sort: [{ field: 'likeCount', direction: -1 }],
    },
  ],
};

const conditionsOf = ({ movieId, userId, reaction }: InteractionFilter): DocumentFilter => ({
  kind: 'interaction',
  ...(movieId ? { movieId } : {}),
  ...(userId ? { handle: userId } : {}),
  ...(reaction ? { reaction } : {}),
});

const listOf = (filter: InteractionFilter): StagedList => ({
  collection: 'user_interactions',
  name: 'interactions',
  stages: [{ filter: conditionsOf(filter), sort: [{ field: 'updatedAt', direction: -1 }] }],
});

// Asked of the films themselves, all of a page at once: they lie beside their interactions.
const createVisibility = (scope: RequestScope) => {
  const films = new DataLoader<string, boolean>(async (movieIds) => {
    const options = { ...scope.readOptions, projection: { _id: 1 } } as const;
    const found = await scope.router.findByIds('movies', movieIds, options);
    // A film that cannot be asked may well be there.
    return found.map((film) => film !== null);
  });
  return (movieId: string) => films.load(movieId);
};

/** How many of these interactions belong to hidden films: their summaries say so. */
const countHidden = async (scope: RequestScope, conditions: DocumentFilter): Promise<number> => {
  let total = 0;
  let after: string | undefined;
  do {
    const page = await scope.router.list('user_interactions', {
      ...scope.readOptions,
      queryName: 'hidden-films',
      filter: { kind: 'summary', hidden: true },
      sort: [],
      projection: { movieId: 1 },
      first: HIDDEN_PAGE_SIZE,
      ...(after === undefined ? {} : { after }),
    });
    const missing = page.unavailable[0];
    if (missing !== undefined) throw new MarqueeError(missing.code, { shard: missing.shard });
    if (page.nodes.length > 0) {
      const hidden = { movieId: { $in: page.nodes.map(({ movieId }) => movieId) } };
      total += await scope.router.count(
        'user_interactions',
        { $and: [conditions, hidden] },
        scope.readOptions,
      );
    }
    after = page.hasNextPage ? page.cursors.at(-1) : undefined;
  } while (after !== undefined);
  return total;
};
