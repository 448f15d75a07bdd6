import { MarqueeError } from '@marquee/errors';
import type { TokenViewer, Viewer } from '@marquee/identity';
import type { UserContent } from './documents/user-document.ts';
import type { RequestScope } from './request-scope.ts';

/** What the store says of the viewer right now. */
type Account = { readonly role: Viewer['role'] } | undefined;

const accounts = new WeakMap<RequestScope, Promise<Account>>();

// Read once a request. An in-sync read contains every write that was acknowledged before it, so a
// deletion, a demotion or a new password counts from the moment it was answered.
const accountOf = (scope: RequestScope, viewer: TokenViewer): Promise<Account> => {
  let account = accounts.get(scope);
  if (account === undefined) {
    account = readAccount(scope, viewer);
    accounts.set(scope, account);
  }
  return account;
};

const readAccount = async (scope: RequestScope, viewer: TokenViewer): Promise<Account> => {
  const [stored] = await scope.router.findByIds('users', [viewer.handle], {
    ...scope.readOptions,
    projection: { role: 1, tokenGeneration: 1, endedSessions: 1 },
  });
  if (stored instanceof Error) throw stored;
  if (!stored || isOver(viewer, stored as unknown as UserContent)) return undefined;
  return { role: stored.role === 'ADMIN' ? 'ADMIN' : 'USER' };
};

const isOver = (
  { tokenGeneration, sessionId }: TokenViewer,
  account: Pick<UserContent, 'tokenGeneration' | 'endedSessions'>,
): boolean =>
  (tokenGeneration ?? 0) !== (account.tokenGeneration ?? 0) ||
  (account.endedSessions ?? []).some(({ id }) => id === sessionId);

/**
 * The viewer by the token and by the store; undefined for nobody, for a user who was deleted since, and
 * for a token that a new password or a sign-out has ended. @throws SHARD_UNAVAILABLE if nobody can say.
 */
export const presentViewer = async ({
  scope,
}: {
  scope: RequestScope;
}): Promise<Viewer | undefined> => {
  const { viewer } = scope;
  const account = viewer === undefined ? undefined : await accountOf(scope, viewer);
  if (viewer === undefined || account === undefined) return undefined;
  // A promotion counts from the next token on: the gateway believes the token too.
  const role = viewer.role === 'ADMIN' ? account.role : 'USER';
  return { handle: viewer.handle, role };
};

/**
 * The viewer, for whatever needs one. A token says who somebody was up to 12 hours ago; what is done on
 * its strength asks the store whether it still counts.
 *
 * @throws UNAUTHENTICATED for nobody, for a user who was deleted since and for a token that was ended;
 * SHARD_UNAVAILABLE if nobody can say.
 */
export const requireViewer = async (context: { scope: RequestScope }): Promise<Viewer> => {
  const viewer = await presentViewer(context);
  if (viewer === undefined) throw new MarqueeError('UNAUTHENTICATED');
  return viewer;
};

/**
 * The viewer, who is an admin by the token and by the store.
 *
 * @throws UNAUTHENTICATED, SHARD_UNAVAILABLE as `requireViewer`; FORBIDDEN for everybody else.
 */
export const requireAdmin = async (context: { scope: RequestScope }): Promise<Viewer> => {
  // Without a look at the store where the token already says no.
  if (context.scope.viewer?.role === 'USER') throw new MarqueeError('FORBIDDEN');
  const viewer = await requireViewer(context);
  if (viewer.role !== 'ADMIN') throw new MarqueeError('FORBIDDEN');
  return viewer;
};

/**
 * Whether the viewer may see what only this user and admins see. @throws SHARD_UNAVAILABLE if nobody
 * can say whether the viewer's token still counts.
 */
export const mayReadPrivate = async (
  context: { scope: RequestScope },
  handle: string,
): Promise<boolean> => {
  const claimed = context.scope.viewer;
  // Without a look at the store where the token already says no.
  if (claimed?.handle !== handle && claimed?.role !== 'ADMIN') return false;
  const viewer = await presentViewer(context);
  return viewer !== undefined && (viewer.handle === handle || viewer.role === 'ADMIN');
};
