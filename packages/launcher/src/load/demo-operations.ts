import type { DemoData, DemoReaction } from '@marquee/demo-data';
import type { SlotOperation, NewDocument } from '@marquee/slot-protocol';
import {
  interactionDocument,
  movieDocument,
  personDocument,
  summaryDocument,
  userDocument,
} from '@marquee/subgraph-kit/documents';
import type { CollectionName } from '@marquee/topology';

export interface DemoOperationsOptions {
  /** A new UUIDv7 with each call. */
  readonly newOperationId: () => string;
  /** Handle → what is stored of the password. */
  readonly passwordHashes: ReadonlyMap<string, string>;
}

/**
 * The demo data as operations on slots, one for each document, and one for all reactions to a film:
 * these and its counts change together. An operation whose document is there already leaves it alone,
 * so that a load which was cut short can simply be repeated.
 */
export const demoOperations = (
  data: Pick<DemoData, 'films' | 'people' | 'users' | 'reactions'>,
  { newOperationId, passwordHashes }: DemoOperationsOptions,
): SlotOperation[] => {
  const reactionsByMovie = new Map<string, DemoReaction[]>();
  for (const reaction of data.reactions) {
    const known = reactionsByMovie.get(reaction.movieId);
    if (known === undefined) reactionsByMovie.set(reaction.movieId, [reaction]);
    else known.push(reaction);
  }
  const create = (collection: CollectionName, document: NewDocument): SlotOperation =>
    createIfAbsent(newOperationId(), document._id, [{ collection, documents: [document] }]);
  return [
    ...data.people.map((person) => create('person', personDocument(person))),
    ...data.users.map((user) =>
      create(
        'users',
        userDocument({
          ...user,
          joinedAt: new Date(user.joinedAt),
          passwordHash: passwordHashes.get(user.handle),
        }),
      ),
    ),
    ...data.films.map((film) =>
      createIfAbsent(newOperationId(), film.id, [
        { collection: 'movies', documents: [movieDocument(film)] },
        {
          collection: 'user_interactions',
          documents: reactionDocuments(film.id, reactionsByMovie.get(film.id) ?? []),
        },
      ]),
    ),
  ];
};

const reactionDocuments = (movieId: string, reactions: readonly DemoReaction[]): NewDocument[] => {
  const countOf = (kind: DemoReaction['reaction']): number =>
    reactions.filter(({ reaction }) => reaction === kind).length;
  return [
    summaryDocument(movieId, { likeCount: countOf('LIKE'), dislikeCount: countOf('DISLIKE') }),
    ...reactions.map(({ handle, reaction, at }) =>
      interactionDocument({ movieId, handle, reaction, createdAt: new Date(at) }),
    ),
  ];
};

const createIfAbsent = (
  operationId: string,
  slotKey: string,
  parts: readonly { collection: CollectionName; documents: readonly NewDocument[] }[],
): SlotOperation => ({
  slotKey,
  operationId: `demo-data/${operationId}`,
  requestHash: 'demo-data',
  prefetch: parts.slice(0, 1).map(({ collection }) => ({ collection, id: slotKey })),
  apply: async (slot) => {
    const [first] = parts;
    const existing = first && (await slot.find(first.collection, slotKey));
    if (existing) return { created: false };
    for (const { collection, documents } of parts) {
      for (const document of documents) slot.put(collection, document);
    }
    return { created: true };
  },
});
