import {
  CreateMovieDocument,
  DeleteMovieDocument,
  ListMoviesDocument,
  RestoreMovieDocument,
  UpdateMovieDocument,
  type ListMoviesQuery,
} from '../generated/graphql.ts';
import type { Collection } from '../records/collection.ts';
import { changedOnly } from '../records/draft-values.ts';
import { listingOf } from '../records/listing.ts';
import { removeOutcome, saveOutcome } from '../records/outcomes.ts';
import { createSearchFilter } from '../records/search-filter.tsx';
import { textFormField } from '../records/text-form-field.tsx';
import { CreditsEditor } from './credits-editor.tsx';
import { loadMovie } from './load-movie.ts';
import { emptyMovieDraft, movieInputOf, type CreditDraft, type MovieDraft } from './movie-draft.ts';

type MovieRow = NonNullable<ListMoviesQuery['movies']>['nodes'][number];

const text = textFormField<MovieDraft>;

const named = ({ movie }: { movie: { id: string; title: string } }) => ({
  id: movie.id,
  name: movie.title,
});

export const movieCollection: Collection<MovieRow, MovieDraft> = {
  slug: 'movies',
  plural: 'Films',
  one: { noun: 'film', article: 'a' },
  columns: [
    { title: 'Title', cell: ({ title }) => title },
    { title: 'Year', cell: ({ year }) => year, numeric: true },
    { title: 'Genres', cell: ({ genres }) => genres.join(', '), minor: true },
    { title: 'Likes', cell: ({ likeCount }) => likeCount ?? '?', minor: true, numeric: true },
    {
      title: 'Dislikes',
      cell: ({ dislikeCount }) => dislikeCount ?? '?',
      minor: true,
      numeric: true,
    },
  ],
  FilterBar: createSearchFilter('Search by title'),
  deleteNote: 'What users think of it is hidden with it. You can undo this.',
  emptyDraft: emptyMovieDraft,
  fields: [
    text('title', 'Title', { required: true }),
    text('originalTitle', 'Original title'),
    text('year', 'Year', { type: 'number' }),
    text('releaseDate', 'Release date', { type: 'date' }),
    text('runtimeMinutes', 'Runtime in minutes', { type: 'number' }),
    text('certification', 'Certification', { hint: 'Such as PG-13' }),
    text('genres', 'Genres', { hint: 'Separated by commas' }),
    text('languages', 'Languages', { hint: 'Codes such as en, fr' }),
    text('countries', 'Countries', { hint: 'Codes such as US, FR' }),
    text('posterUrl', 'Poster URL', { type: 'url', hint: 'Begins with https://' }),
    text('rating', 'Rating', { type: 'number', hint: '0 to 10' }),
    text('voteCount', 'Votes', { type: 'number' }),
    text('popularity', 'Popularity', {
      type: 'number',
      hint: 'Orders lists: the higher, the earlier',
    }),
    text('externalIds', 'Ids elsewhere', { rows: 2, hint: 'One a line, such as imdb: tt0133093' }),
    text('tagline', 'Tagline', { rows: 2 }),
    text('plot', 'Plot', { rows: 5 }),
    {
      name: 'credits',
      label: 'Credits',
      wide: true,
      read: ({ credits }) => credits.map(creditText).join('; '),
      render: ({ draft, change, problems }) => (
        <CreditsEditor
          credits={draft.credits}
          problems={problems}
          onChange={(credits) => {
            change({ credits });
          }}
        />
      ),
    },
  ],
  idOf: ({ id }) => id,
  nameOf: ({ title }) => title,

  list: async (graph, filters, page, signal) => {
    const variables = { query: filters['q'] || null, ...page };
    const { data, problems } = await graph.request(ListMoviesDocument, variables, { signal });
    return listingOf(data?.movies, problems);
  },
  load: loadMovie,
  create: async (graph, draft, operationId) => {
    const input = movieInputOf(draft);
    return saveOutcome(await graph.mutate(CreateMovieDocument, { input, operationId }), named);
  },
  update: async (graph, { id, revision = 0, draft: base }, draft, operationId) => {
    const input = changedOnly(movieInputOf(base), movieInputOf(draft));
    const variables = { id, input, expectedRevision: revision, operationId };
    return saveOutcome(await graph.mutate(UpdateMovieDocument, variables), named);
  },
  remove: async (graph, { id, revision }, operationId) => {
    const variables = { id, expectedRevision: revision, operationId };
    return removeOutcome(await graph.mutate(DeleteMovieDocument, variables));
  },
  restore: async (graph, { id }, operationId) =>
    saveOutcome(await graph.mutate(RestoreMovieDocument, { id, operationId }), named),
};

const creditText = ({ kind, person, part }: CreditDraft): string => {
  const name = person?.name ?? '(nobody)';
  if (part === '') return name;
  return kind === 'CAST' ? `${name} as ${part}` : `${name}, ${part}`;
};
