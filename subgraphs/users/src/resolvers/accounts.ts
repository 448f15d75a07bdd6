import {
  operationFor,
  requireViewer,
  saveResult,
  validationFailed,
  viewerOperation,
  type FieldProblem,
  type InputArguments,
  type RepeatableArguments,
} from '@marquee/subgraph-kit';
import { userContent } from '@marquee/subgraph-kit/documents';
import { HANDLE_TAKEN, type StoredUser } from '../data-sources/users.ts';
import type { Session } from '../sessions/sessions.ts';
import type { UsersContext } from '../subgraph.ts';
import { ownRights } from './own-rights.ts';
import {
  changedUser,
  chosenPassword,
  profileChanges,
  signUp,
  withoutPassword,
} from '../user-input.ts';

/** The mutations by which people come, go, and look after their own account. */
export const accountMutations = {
  signIn: async (
    _: unknown,
    { handle, password }: { handle: string; password: string },
    { sources }: UsersContext,
  ) => seenByOwner(await sources.sessions.signIn(handle, password)),

  signUp: async (
    _: unknown,
    { input, operationId }: InputArguments & RepeatableArguments,
    { scope, sources }: UsersContext,
  ) => {
    const checked = signUp(input);
    if (!checked.ok) return validationFailed(checked.problems);
    const { password, handle, ...user } = checked.input;
    const request = { mutation: 'signUp', operationId, payload: withoutPassword(input) };
    const operation = operationFor(scope, { handle }, request);
    // A write is a transaction on every cluster of the shard, and anybody may ask for this one: where the
    // handle is taken, only who repeats the operation, and so knows the password, gets as far.
    if (await sources.users.isTaken(handle)) {
      const isRepeated = operationId !== null && operationId !== undefined;
      const known = isRepeated ? await sources.sessions.recognise(handle, password) : undefined;
      if (known === undefined) return validationFailed([HANDLE_TAKEN]);
    }
    const outcome = await sources.users.create(
      operation,
      handle,
      userContent({
        ...user,
        handle,
        role: 'USER',
        passwordHash: await sources.passwords.ofAnybody.hash(password),
        joinedAt: new Date(scope.now()),
      }),
    );
    if (outcome.outcome === 'invalid') return validationFailed(outcome.problems);
    // Not on the word of the operation: who repeats it shows the password as whoever signs in does.
    return {
      __typename: 'SignedUp',
      session: seenByOwner(await sources.sessions.signIn(handle, password)),
    };
  },

  refreshSession: async (
    _: unknown,
    { refreshToken }: { refreshToken: string },
    { sources }: UsersContext,
  ) => seenByOwner(await sources.sessions.refresh(refreshToken)),

  signOut: async (
    _: unknown,
    { refreshToken }: { refreshToken: string },
    { sources }: UsersContext,
  ) => {
    await sources.sessions.end(refreshToken);
    return true;
  },

  updateProfile: async (
    _: unknown,
    {
      input,
      expectedRevision,
      operationId,
    }: InputArguments & RepeatableArguments & { expectedRevision?: number | null },
    context: UsersContext,
  ) => {
    const payload = { input, expectedRevision };
    const request = { mutation: 'updateProfile', operationId, payload };
    const { viewer, operation } = await viewerOperation(context, request);
    const checked = profileChanges(input);
    if (!checked.ok) return validationFailed(checked.problems);
    const outcome = await context.sources.users.update(
      operation,
      viewer.handle,
      expectedRevision,
      (current) => ({ content: changedUser(current, checked.input, undefined) }),
    );
    return saveResult({ entity: 'User', field: 'user' }, viewer.handle, outcome);
  },

  changePassword: async (
    _: unknown,
    { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
    context: UsersContext,
  ) => {
    const { handle } = await requireViewer(context);
    const { sources, scope } = context;
    const checked = chosenPassword('newPassword', newPassword);
    if (!checked.ok) return validationFailed(checked.problems);
    const confirmed = await sources.sessions.confirm(handle, currentPassword);
    if (confirmed === undefined) return validationFailed([wrongPassword('currentPassword')]);
    const passwordHash = await sources.passwords.ofViewers.hash(checked.input);
    const request = { mutation: 'changePassword', operationId: null, payload: {} };
    const outcome = await sources.users.update(
      operationFor(scope, { handle }, request),
      handle,
      undefined,
      (current) =>
        // Somebody else was faster: it is no longer the password that was confirmed.
        current.passwordHash === confirmed.passwordHash
          ? { content: changedUser(current, {}, passwordHash) }
          : { problems: [wrongPassword('currentPassword')] },
    );
    if (outcome.outcome !== 'saved') return validationFailed([wrongPassword('currentPassword')]);
    return {
      __typename: 'PasswordChanged',
      session: seenByOwner(await sources.sessions.begin(outcome.document)),
    };
  },

  deleteAccount: async (_: unknown, { password }: { password: string }, context: UsersContext) => {
    const { handle } = await requireViewer(context);
    const { sources, scope } = context;
    const confirmed = await sources.sessions.confirm(handle, password);
    if (confirmed === undefined) return validationFailed([wrongPassword('password')]);
    if (confirmed.role === 'ADMIN') throw ownRights();
    const request = { mutation: 'deleteAccount', operationId: null, payload: {} };
    const operation = operationFor(scope, { handle }, request);
    // Gone already, by a request at the same time, is as good.
    await sources.users.erase(operation, handle, undefined, new Date(scope.now()));
    sources.erasures.wake();
    return { __typename: 'AccountDeleted', id: handle };
  },
};

const wrongPassword = (path: string): FieldProblem => ({
  path,
  message: 'expected the password of this account',
});

// The request came from nobody, or on an older word: the answer is for the owner all the same.
const seenByOwner = (session: Session): Session & { viewer: StoredUser & { own: true } } => ({
  ...session,
  viewer: { ...session.viewer, own: true },
});
