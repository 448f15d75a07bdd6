import { MarqueeError } from '@marquee/errors';
import type { ViewerTokenSigner } from '@marquee/identity';
import { isHandle, normaliseHandle } from '@marquee/subgraph-kit';
import type { StoredUser, Users } from './data-sources/users.ts';
import type { Passwords } from './passwords/passwords.ts';
import type { SignInAttempts } from './passwords/sign-in-attempts.ts';

/** `Session` of the schema. */
export interface Session {
  readonly token: string;
  readonly expiresAt: Date;
  readonly viewer: StoredUser;
}

export interface Sessions {
  /**
   * @throws UNAUTHENTICATED, the same and after the same time for an unknown handle and a wrong
   * password; RATE_LIMITED; OVERLOADED; SHARD_UNAVAILABLE.
   */
  signIn(typedHandle: string, password: string): Promise<Session>;
}

export const createSessions = ({
  users,
  passwords,
  attempts,
  tokens,
  now,
}: {
  readonly users: Users;
  readonly passwords: Passwords;
  readonly attempts: SignInAttempts;
  readonly tokens: ViewerTokenSigner;
  readonly now: () => number;
}): Sessions => {
  const begin = async (user: StoredUser): Promise<Session> => {
    const viewer = { handle: user._id, role: user.role };
    const { token, expiresAtMs } = await tokens.sign(viewer, now());
    return { token, expiresAt: new Date(expiresAtMs), viewer: user };
  };
  return {
    signIn: async (typedHandle, password) => {
      const handle = normaliseHandle(typedHandle);
      // What is no handle costs a guess as well, but there is nothing to remember it by.
      if (isHandle(handle)) attempts.begin(handle, now());
      const user = isHandle(handle) ? await users.findById(handle) : null;
      const matches = await passwords.verify(user?.passwordHash, password);
      if (user === null || !matches) throw wrongCredentials();
      attempts.succeeded(handle);
      return begin(user);
    },
  };
};

const wrongCredentials = (): MarqueeError =>
  new MarqueeError('UNAUTHENTICATED', {}, { message: 'The handle or the password is wrong.' });
