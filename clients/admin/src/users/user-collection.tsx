import {
  CreateUserDocument,
  DeleteUserDocument,
  EditUserDocument,
  ListUsersDocument,
  RestoreUserDocument,
  UpdateUserDocument,
  type ListUsersQuery,
  type Role,
} from '../generated/graphql.ts';
import type { Collection } from '../records/collection.ts';
import { asText, changedOnly, textOrNull } from '../records/draft-values.ts';
import { listingOf } from '../records/listing.ts';
import { removeOutcome, saveOutcome } from '../records/outcomes.ts';
import { createSearchFilter } from '../records/search-filter.tsx';
import { choiceFormField, textFormField } from '../records/text-form-field.tsx';

type UserRow = NonNullable<ListUsersQuery['users']>['nodes'][number];

interface UserDraft {
  readonly handle: string;
  readonly displayName: string;
  readonly email: string;
  readonly role: Role;
  /** Empty leaves the password as it is. */
  readonly password: string;
}

const ROLES = [
  ['USER', 'User'],
  ['ADMIN', 'Admin'],
] as const;

const inputOf = ({ displayName, email, role, password }: UserDraft) => ({
  displayName: displayName.trim(),
  email: textOrNull(email),
  role,
  ...(password === '' ? {} : { password }),
});

const text = textFormField<UserDraft>;

const named = ({ user }: { user: { id: string; displayName: string } }) => ({
  id: user.id,
  name: user.displayName,
});

const joined = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

export const userCollection: Collection<UserRow, UserDraft> = {
  slug: 'users',
  plural: 'Users',
  one: { noun: 'user', article: 'a' },
  columns: [
    { title: 'Handle', cell: ({ id }) => id },
    { title: 'Name', cell: ({ displayName }) => displayName },
    {
      title: 'Role',
      cell: ({ role }) => ROLES.find(([value]) => value === role)?.[1],
      minor: true,
    },
    { title: 'E-mail', cell: ({ email }) => email, minor: true },
    {
      title: 'Joined',
      cell: ({ joinedAt }) => joined.format(Date.parse(joinedAt)),
      minor: true,
    },
  ],
  FilterBar: createSearchFilter('Search by name or handle'),
  deleteNote: 'They can no longer sign in. You can undo this.',
  emptyDraft: { handle: '', displayName: '', email: '', role: 'USER', password: '' },
  fields: [
    text('handle', 'Handle', {
      required: true,
      permanent: true,
      hint: '2 to 30 of a–z, 0–9, “.”, “_” and “-”; it never changes',
    }),
    text('displayName', 'Display name', { required: true }),
    text('email', 'E-mail', { type: 'email' }),
    choiceFormField<UserDraft>('role', 'Role', ROLES),
    text('password', 'New password', {
      type: 'password',
      hint: 'At least 10 characters; left empty, nothing changes',
    }),
  ],
  idOf: ({ id }) => id,
  nameOf: ({ displayName }) => displayName,

  list: async (graph, filters, page, signal) => {
    const variables = { query: filters['q'] || null, ...page };
    const { data, problems } = await graph.request(ListUsersDocument, variables, { signal });
    return listingOf(data?.users, problems);
  },
  load: async (graph, id, signal) => {
    const options = signal ? { signal } : {};
    const { data, problems } = await graph.request(EditUserDocument, { id }, options);
    if (problems.length > 0 || !data) return { kind: 'failed', problems };
    const { user } = data;
    if (!user) return { kind: 'missing' };
    const { displayName, revision, role, email } = user;
    const draft = { handle: id, displayName, email: asText(email), role, password: '' };
    return { kind: 'loaded', record: { id, name: displayName, revision, draft } };
  },
  create: async (graph, draft, operationId) => {
    const input = { handle: draft.handle.trim(), ...inputOf(draft) };
    return saveOutcome(await graph.mutate(CreateUserDocument, { input, operationId }), named);
  },
  update: async (graph, { id, revision = 0, draft: base }, draft, operationId) => {
    const input = changedOnly(inputOf(base), inputOf(draft));
    const variables = { id, input, expectedRevision: revision, operationId };
    return saveOutcome(await graph.mutate(UpdateUserDocument, variables), named);
  },
  remove: async (graph, { id, revision }, operationId) => {
    const variables = { id, expectedRevision: revision, operationId };
    return removeOutcome(await graph.mutate(DeleteUserDocument, variables));
  },
  restore: async (graph, { id }, operationId) =>
    saveOutcome(await graph.mutate(RestoreUserDocument, { id, operationId }), named),
};
