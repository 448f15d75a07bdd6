import type { Viewer } from '@marquee/identity';
import { newOperationId, parseOperationId } from './operation-id.ts';
import { requestHash } from './request-hash.ts';
import type { RequestScope } from './request-scope.ts';
import { requireAdmin, requireViewer } from './viewer-account.ts';

/** What makes a mutation happen once, however often it is sent. */
export interface Operation {
  /** `handle/uuid`: nobody can meet, or block, the operations of another. */
  readonly operationId: string;
  readonly requestHash: string;
}

/** What decides what an operation does. */
export interface OperationRequest {
  readonly mutation: string;
  /** The caller's; a new one is made where there is none. */
  readonly operationId: string | null | undefined;
  /** Everything that the mutation depends on, without secrets. */
  readonly payload: unknown;
}

/** @throws BAD_USER_INPUT that names `operationId`. */
export const operationFor = (
  scope: RequestScope,
  { handle }: Pick<Viewer, 'handle'>,
  { mutation, operationId, payload }: OperationRequest,
): Operation => {
  const id =
    operationId === null || operationId === undefined
      ? newOperationId(scope)
      : parseOperationId(operationId, scope.now());
  // The id is the salt: the hash lies beside it for days, and an input may hold an e-mail address, which
  // must not be found by a table that somebody made beforehand.
  const salted = { salt: id, payload };
  return { operationId: `${handle}/${id}`, requestHash: requestHash(mutation, salted) };
};

interface Context {
  readonly scope: RequestScope;
}

/** The operation of a mutation that is open to whoever is signed in. @throws as `requireViewer` */
export const viewerOperation = async (
  context: Context,
  request: OperationRequest,
): Promise<{ readonly viewer: Viewer; readonly operation: Operation }> => {
  const viewer = await requireViewer(context);
  return { viewer, operation: operationFor(context.scope, viewer, request) };
};

/** The operation of a mutation that is for admins. @throws as `requireAdmin` */
export const adminOperation = async (
  context: Context,
  request: OperationRequest,
): Promise<Operation> => operationFor(context.scope, await requireAdmin(context), request);
