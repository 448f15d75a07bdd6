import {
  adminOperation,
  deleteResult,
  handleArgument,
  saveResult,
  validationFailed,
  type ByIdArguments,
  type InputArguments,
  type RepeatableArguments,
  type RevisedArguments,
} from '@marquee/subgraph-kit';
import { userContent } from '@marquee/subgraph-kit/documents';
import type { UsersContext } from '../subgraph.ts';
import { OWN_RIGHTS, ownRights } from './own-rights.ts';
import { changedUser, newUser, userChanges, withoutPassword } from '../user-input.ts';

const USER = { entity: 'User', field: 'user' };

/** What admins do to users. */
export const userMutations = {
  createUser: async (
    _: unknown,
    { input, operationId }: InputArguments & RepeatableArguments,
    context: UsersContext,
  ) => {
    const request = { mutation: 'createUser', operationId, payload: withoutPassword(input) };
    const operation = await adminOperation(context, request);
    const checked = newUser(input);
    if (!checked.ok) return validationFailed(checked.problems);
    const { password, ...user } = checked.input;
    const content = userContent({
      ...user,
      passwordHash: await passwordHash(context, password),
      joinedAt: new Date(context.scope.now()),
    });
    const outcome = await context.sources.users.create(operation, user.handle, content);
    return saveResult(USER, user.handle, outcome);
  },

  updateUser: async (
    _: unknown,
    { id, input, expectedRevision, operationId }: RevisedArguments & InputArguments,
    context: UsersContext,
  ) => {
    const payload = { id, input: withoutPassword(input), expectedRevision };
    const request = { mutation: 'updateUser', operationId, payload };
    const operation = await adminOperation(context, request);
    handleArgument('id', id);
    const checked = userChanges(input);
    if (!checked.ok) return validationFailed(checked.problems);
    const { password, ...changes } = checked.input;
    if (changes.role === 'USER' && id === context.scope.viewer?.handle) {
      return validationFailed([{ path: 'input.role', message: OWN_RIGHTS }]);
    }
    if (password !== undefined && id === context.scope.viewer?.handle) {
      return validationFailed([{ path: 'input.password', message: OWN_PASSWORD }]);
    }
    const hash = await passwordHash(context, password);
    const outcome = await context.sources.users.update(
      operation,
      id,
      expectedRevision,
      (current) => ({ content: changedUser(current, changes, hash) }),
    );
    return saveResult(USER, id, outcome);
  },

  deleteUser: async (
    _: unknown,
    { id, expectedRevision, operationId }: RevisedArguments,
    context: UsersContext,
  ) => {
    const payload = { id, expectedRevision };
    const request = { mutation: 'deleteUser', operationId, payload };
    const operation = await adminOperation(context, request);
    if (handleArgument('id', id) === context.scope.viewer?.handle) {
      throw ownRights({ argument: 'id' });
    }
    const outcome = await context.sources.users.remove(operation, id, expectedRevision);
    return deleteResult(USER, id, outcome);
  },

  eraseUser: async (
    _: unknown,
    { id, expectedRevision, operationId }: RevisedArguments,
    context: UsersContext,
  ) => {
    const { scope, sources } = context;
    const request = { mutation: 'eraseUser', operationId, payload: { id, expectedRevision } };
    const operation = await adminOperation(context, request);
    if (handleArgument('id', id) === scope.viewer?.handle) throw ownRights({ argument: 'id' });
    const requestedAt = new Date(scope.now());
    const outcome = await sources.users.erase(operation, id, expectedRevision, requestedAt);
    if (outcome.outcome === 'saved') sources.erasures.wake();
    return deleteResult(USER, id, outcome);
  },

  restoreUser: async (_: unknown, { id, operationId }: ByIdArguments, context: UsersContext) => {
    const request = { mutation: 'restoreUser', operationId, payload: { id } };
    const operation = await adminOperation(context, request);
    handleArgument('id', id);
    return saveResult(USER, id, await context.sources.users.restore(operation, id));
  },
};

// Whoever stole an admin's token would otherwise keep the account.
const OWN_PASSWORD = 'expected to be left out: `changePassword` asks for the password as it is';

// Outside of the operation, which may run several times: hashing takes its time.
const passwordHash = async (
  { sources }: UsersContext,
  password: string | null | undefined,
): Promise<string | null | undefined> =>
  typeof password === 'string' ? sources.passwords.ofViewers.hash(password) : password;
