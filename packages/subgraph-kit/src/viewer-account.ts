import { MarqueeError } from '@marquee/errors';
import type { Viewer } from '@marquee/identity';
import type { RequestScope } from './request-scope.ts';

/** What the store says of the viewer right now. */
type Account = { readonly role: Viewer['role'] } | undefined;

const accounts = new WeakMap<RequestScope, Promise<Account>>();

// Read once a request. An in-sync read contains every write that was acknowledged before it, so a
// deletion or a demotion counts from the moment it was answered.
const accountOf = (scope: RequestScope, viewer: Viewer): Promise<Account> => {
  let account = accounts.get(scope);
  if (account === undefined) {
    account = readAccount(scope, viewer);
    accounts.set(scope, account);
  }
  return account;
};

const readAccount = async (scope: RequestScope, viewer: Viewer): Promise<Account> => {
  const [stored] = await scope.router.findByIds('users', [viewer.handle], scope.readOptions);
  if (stored instanceof Error) throw stored;
  return stored ? { role: stored.role === 'ADMIN' ? 'ADMIN' : 'USER' } : undefined;
};

/**
 * The viewer, for whatever needs one. A token says who somebody was up to 12 hours ago; what is
 * changed on its strength asks the store whether there is still such a user.
 *
 * @throws UNAUTHENTICATED for nobody, and for a user who was deleted since; SHARD_UNAVAILABLE if
 * nobody can say.
 */
export const requireViewer = async ({ scope }: { scope: RequestScope }): Promise<Viewer> => {
  const { viewer } = scope;
  if (viewer === undefined) throw new MarqueeError('UNAUTHENTICATED');
  const account = await accountOf(scope, viewer);
  if (account === undefined) throw new MarqueeError('UNAUTHENTICATED');
  // A promotion counts from the next token on: the gateway believes the token too.
  const role = viewer.role === 'ADMIN' ? account.role : 'USER';
  return { handle: viewer.handle, role };
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

/** Whether the viewer may see what only this user and admins see. */
export const mayReadPrivate = async (
  context: { scope: RequestScope },
  handle: string,
): Promise<boolean> => {
  const { viewer } = context.scope;
  if (viewer === undefined) return false;
  if (viewer.handle === handle) return true;
  if (viewer.role !== 'ADMIN') return false;
  return (await accountOf(context.scope, viewer))?.role === 'ADMIN';
};
