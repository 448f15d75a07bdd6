import {
  DeleteInteractionDocument,
  ListInteractionsDocument,
  SetInteractionDocument,
  type InteractionRecordFragment,
  type Reaction,
} from '../generated/graphql.ts';
import type { PickedRecord } from '../picker/picked-record.ts';
import { RecordPicker } from '../picker/record-picker.tsx';
import { searchMovies, searchUsers } from '../picker/searches.ts';
import type { Collection } from '../records/collection.ts';
import { listingOf } from '../records/listing.ts';
import { removeOutcome, saveOutcome } from '../records/outcomes.ts';
import { choiceFormField } from '../records/text-form-field.tsx';
import { InteractionFilter } from './interaction-filter.tsx';

interface InteractionDraft {
  readonly movieId: PickedRecord | undefined;
  readonly userId: PickedRecord | undefined;
  readonly reaction: Reaction;
}

const REACTIONS = [
  ['LIKE', 'Like'],
  ['DISLIKE', 'Dislike'],
] as const;

const changed = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** An interaction's id is the film's id, a colon, the user's handle. */
const keysOf = (id: string): { movieId: string; userId: string } => {
  const colon = id.indexOf(':');
  return { movieId: id.slice(0, colon), userId: id.slice(colon + 1) };
};

const reactionOf = (text: string | undefined): Reaction | null =>
  REACTIONS.find(([value]) => value === text)?.[0] ?? null;

const nameOf = ({ movie, user, id }: InteractionRecordFragment): string => {
  const keys = keysOf(id);
  return `${user?.displayName ?? keys.userId} on ${movie?.title ?? keys.movieId}`;
};

const named = ({ interaction }: { interaction: InteractionRecordFragment }) => ({
  id: interaction.id,
  name: nameOf(interaction),
});

const inputOf = ({ movieId, userId, reaction }: InteractionDraft) => ({
  movieId: movieId?.id ?? '',
  userId: userId?.id ?? '',
  reaction,
});

export const interactionCollection: Collection<InteractionRecordFragment, InteractionDraft> = {
  slug: 'interactions',
  plural: 'Interactions',
  one: { noun: 'interaction', article: 'an' },
  columns: [
    { title: 'Film', cell: ({ movie, id }) => movie?.title ?? keysOf(id).movieId },
    { title: 'User', cell: ({ user, id }) => user?.displayName ?? keysOf(id).userId },
    {
      title: 'Reaction',
      cell: ({ reaction }) => REACTIONS.find(([value]) => value === reaction)?.[1],
    },
    {
      title: 'Changed',
      cell: ({ updatedAt }) => changed.format(Date.parse(updatedAt)),
      minor: true,
    },
  ],
  FilterBar: InteractionFilter,
  deleteNote: 'The film’s counts change with it. You can undo this.',
  emptyDraft: { movieId: undefined, userId: undefined, reaction: 'LIKE' },
  fields: [
    {
      name: 'movieId',
      label: 'Film',
      read: ({ movieId }) => movieId?.name ?? '',
      render: ({ draft, change, problems, isNew }) => (
        <RecordPicker
          label="Film"
          picked={draft.movieId}
          search={searchMovies}
          disabled={!isNew}
          required
          problem={problems.under('movieId')}
          onPick={(movieId) => {
            change({ movieId });
          }}
        />
      ),
    },
    {
      name: 'userId',
      label: 'User',
      read: ({ userId }) => userId?.name ?? '',
      render: ({ draft, change, problems, isNew }) => (
        <RecordPicker
          label="User"
          picked={draft.userId}
          search={searchUsers}
          disabled={!isNew}
          required
          problem={problems.under('userId')}
          onPick={(userId) => {
            change({ userId });
          }}
        />
      ),
    },
    choiceFormField<InteractionDraft>('reaction', 'Reaction', REACTIONS),
  ],
  idOf: ({ id }) => id,
  nameOf,

  list: async (graph, filters, page, signal) => {
    const filter = {
      movieId: filters['movie'] ?? null,
      userId: filters['user'] ?? null,
      reaction: reactionOf(filters['reaction']),
    };
    const variables = { filter, ...page };
    const { data, problems } = await graph.request(ListInteractionsDocument, variables, { signal });
    return listingOf(data?.interactions, problems);
  },
  load: async (graph, id, signal) => {
    const variables = { filter: keysOf(id), first: 1 };
    const options = signal ? { signal } : {};
    const { data, problems } = await graph.request(ListInteractionsDocument, variables, options);
    if (problems.length > 0 || !data) return { kind: 'failed', problems };
    const interaction = data.interactions?.nodes[0];
    if (!interaction) return { kind: 'missing' };
    const keys = keysOf(id);
    const { movie, user, reaction } = interaction;
    const draft: InteractionDraft = {
      movieId: { id: keys.movieId, name: movie?.title ?? keys.movieId },
      userId: { id: keys.userId, name: user?.displayName ?? keys.userId },
      reaction,
    };
    return {
      kind: 'loaded',
      record: { id, name: nameOf(interaction), revision: undefined, draft },
    };
  },
  create: async (graph, draft, operationId) => {
    const input = inputOf(draft);
    return saveOutcome(await graph.mutate(SetInteractionDocument, { input, operationId }), named);
  },
  update: async (graph, _stored, draft, operationId) => {
    const input = inputOf(draft);
    return saveOutcome(await graph.mutate(SetInteractionDocument, { input, operationId }), named);
  },
  remove: async (graph, { id }, operationId) => {
    const variables = { ...keysOf(id), operationId };
    return removeOutcome(await graph.mutate(DeleteInteractionDocument, variables));
  },
  restore: async (graph, { id, reaction }, operationId) => {
    const input = { ...keysOf(id), reaction };
    return saveOutcome(await graph.mutate(SetInteractionDocument, { input, operationId }), named);
  },
};
