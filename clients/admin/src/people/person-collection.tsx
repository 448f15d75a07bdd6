import {
  CreatePersonDocument,
  DeletePersonDocument,
  EditPersonDocument,
  ListPeopleDocument,
  RestorePersonDocument,
  UpdatePersonDocument,
  type ListPeopleQuery,
} from '../generated/graphql.ts';
import type { Collection } from '../records/collection.ts';
import { asText, changedOnly, listOf, numberOrNull, textOrNull } from '../records/draft-values.ts';
import { listingOf } from '../records/listing.ts';
import { removeOutcome, saveOutcome } from '../records/outcomes.ts';
import { createSearchFilter } from '../records/search-filter.tsx';
import { textFormField } from '../records/text-form-field.tsx';

type PersonRow = NonNullable<ListPeopleQuery['people']>['nodes'][number];

interface PersonDraft {
  readonly name: string;
  readonly alsoKnownAs: string;
  readonly birthDate: string;
  readonly deathDate: string;
  readonly photoUrl: string;
  readonly popularity: string;
  readonly biography: string;
}

const inputOf = (draft: PersonDraft) => ({
  name: draft.name.trim(),
  alsoKnownAs: listOf(draft.alsoKnownAs),
  birthDate: textOrNull(draft.birthDate),
  deathDate: textOrNull(draft.deathDate),
  photoUrl: textOrNull(draft.photoUrl),
  popularity: numberOrNull(draft.popularity),
  biography: textOrNull(draft.biography),
});

const text = textFormField<PersonDraft>;

const named = ({ person }: { person: { id: string; name: string } }) => person;

export const personCollection: Collection<PersonRow, PersonDraft> = {
  slug: 'people',
  plural: 'People',
  one: { noun: 'person', article: 'a' },
  columns: [
    { title: 'Name', cell: ({ name }) => name },
    { title: 'Born', cell: ({ birthDate }) => birthDate },
    { title: 'Died', cell: ({ deathDate }) => deathDate, minor: true },
    {
      title: 'Known for',
      cell: ({ knownFor }) => knownFor?.map(({ title }) => title).join(', '),
      minor: true,
    },
  ],
  FilterBar: createSearchFilter('Search by name'),
  deleteNote: 'Their credits stay in the films, without a person behind them. You can undo this.',
  emptyDraft: {
    name: '',
    alsoKnownAs: '',
    birthDate: '',
    deathDate: '',
    photoUrl: '',
    popularity: '',
    biography: '',
  },
  fields: [
    text('name', 'Name', { required: true }),
    text('alsoKnownAs', 'Also known as', { hint: 'Separated by commas' }),
    text('birthDate', 'Day of birth', { type: 'date' }),
    text('deathDate', 'Day of death', { type: 'date' }),
    text('photoUrl', 'Photo URL', { type: 'url', hint: 'Begins with https://' }),
    text('popularity', 'Popularity', {
      type: 'number',
      hint: 'Orders lists: the higher, the earlier',
    }),
    text('biography', 'Biography', { rows: 6 }),
  ],
  idOf: ({ id }) => id,
  nameOf: ({ name }) => name,

  list: async (graph, filters, page, signal) => {
    const variables = { query: filters['q'] || null, ...page };
    const { data, problems } = await graph.request(ListPeopleDocument, variables, { signal });
    return listingOf(data?.people, problems);
  },
  load: async (graph, id, signal) => {
    const options = signal ? { signal } : {};
    const { data, problems } = await graph.request(EditPersonDocument, { id }, options);
    if (problems.length > 0 || !data) return { kind: 'failed', problems };
    const { person } = data;
    if (!person) return { kind: 'missing' };
    const { name, revision, ...rest } = person;
    const draft = {
      name,
      alsoKnownAs: rest.alsoKnownAs.join(', '),
      birthDate: asText(rest.birthDate),
      deathDate: asText(rest.deathDate),
      photoUrl: asText(rest.photoUrl),
      popularity: asText(rest.popularity),
      biography: asText(rest.biography),
    };
    return { kind: 'loaded', record: { id, name, revision, draft } };
  },
  create: async (graph, draft, operationId) => {
    const input = inputOf(draft);
    return saveOutcome(await graph.mutate(CreatePersonDocument, { input, operationId }), named);
  },
  update: async (graph, { id, revision = 0, draft: base }, draft, operationId) => {
    const input = changedOnly(inputOf(base), inputOf(draft));
    const variables = { id, input, expectedRevision: revision, operationId };
    return saveOutcome(await graph.mutate(UpdatePersonDocument, variables), named);
  },
  remove: async (graph, { id, revision }, operationId) => {
    const variables = { id, expectedRevision: revision, operationId };
    return removeOutcome(await graph.mutate(DeletePersonDocument, variables));
  },
  restore: async (graph, { id }, operationId) =>
    saveOutcome(await graph.mutate(RestorePersonDocument, { id, operationId }), named),
};
