import { MarqueeError } from '@marquee/errors';
import type { ViewerTokenSigner } from '@marquee/identity';
import { isHandle, normaliseHandle } from '@marquee/subgraph-kit';
import type { StoredUser, Users } from '../data-sources/users.ts';
import type { PasswordQueues, Passwords } from '../passwords/passwords.ts';
import type { SignInAttempts } from '../passwords/sign-in-attempts.ts';
import { formatRefreshToken } from './refresh-token.ts';
import type { KeptSession, SessionStore } from './session-store.ts';

/** `Session` of the schema. */
export interface Session {
  readonly token: string;
  readonly expiresAt: Date;
  readonly refreshToken: string | null;
  readonly viewer: StoredUser;
}

export interface Sessions {
  /**
   * @throws UNAUTHENTICATED, the same and after the same time for an unknown handle and a wrong
   * password; RATE_LIMITED; OVERLOADED; SHARD_UNAVAILABLE.
   */
  signIn(typedHandle: string, password: string): Promise<Session>;
  /**
   * The user of `signIn`, without a session; undefined where it would throw UNAUTHENTICATED.
   * @throws as `signIn` otherwise.
   */
  recognise(handle: string, password: string): Promise<StoredUser | undefined>;
  /**
   * The user, whose password it is; undefined if it is not. Guesses count as those of `signIn` do.
   * @throws UNAUTHENTICATED for no such user; RATE_LIMITED; OVERLOADED; SHARD_UNAVAILABLE.
   */
  confirm(handle: string, password: string): Promise<StoredUser | undefined>;
  /**
   * A session for somebody who has shown who they are. @throws UNAUTHENTICATED if what they have shown
   * has been changed since.
   */
  begin(user: StoredUser): Promise<Session>;
  /** @throws UNAUTHENTICATED for a token that is worth nothing; SHARD_UNAVAILABLE. */
  refresh(refreshToken: string): Promise<Session>;
  end(refreshToken: string): Promise<void>;
}

export const createSessions = ({
  users,
  passwords,
  attempts,
  store,
  tokens,
  now,
  onUnkept,
}: {
  readonly users: Users;
  readonly passwords: PasswordQueues;
  readonly attempts: SignInAttempts;
  readonly store: SessionStore;
  readonly tokens: ViewerTokenSigner;
  readonly now: () => number;
  /** Told why a session could not be kept; it begins all the same. */
  readonly onUnkept: (error: unknown) => void;
}): Sessions => {
  const withToken = async (user: StoredUser, kept: KeptSession | null): Promise<Session> => {
    const viewer = {
      handle: user._id,
      role: user.role,
      tokenGeneration: kept === null ? user.tokenGeneration : kept.tokenGeneration,
      sessionId: kept?.refreshToken.sessionId,
    };
    const { token, expiresAtMs } = await tokens.sign(viewer, now());
    return {
      token,
      expiresAt: new Date(expiresAtMs),
      refreshToken: kept === null ? null : formatRefreshToken(kept.refreshToken),
      viewer: user,
    };
  };

  const begin = async (user: StoredUser): Promise<Session> => {
    // While a shard fails over, people can still sign in: only not for longer than their token.
    const kept = await store.begin(user).catch((error: unknown) => {
      onUnkept(error);
      return null;
    });
    if (kept === undefined) throw new MarqueeError('UNAUTHENTICATED');
    return withToken(user, kept);
  };

  const check = async (
    queue: Passwords,
    handle: string,
    password: string,
  ): Promise<StoredUser | undefined> => {
    // What is no handle costs as much, but there is nothing to remember it by.
    const attempt = isHandle(handle) ? attempts.begin(handle, now()) : undefined;
    try {
      const user = isHandle(handle) ? await users.findById(handle) : null;
      const matches = await queue.verify(user?.passwordHash, password);
      if (user === null || !matches) {
        attempt?.failed();
        return undefined;
      }
      attempt?.succeeded();
      return user;
    } catch (error) {
      // A shard is down, or too many wait: no reason to keep an honest person out afterwards.
      attempt?.withdrawn();
      throw error;
    }
  };

  return {
    begin,
    signIn: async (typedHandle, password) => {
      const user = await check(passwords.ofAnybody, normaliseHandle(typedHandle), password);
      if (user === undefined) throw wrongCredentials();
      return begin(user);
    },
    recognise: (handle, password) => check(passwords.ofAnybody, handle, password),
    confirm: (handle, password) => check(passwords.ofViewers, handle, password),
    refresh: async (refreshToken) => {
      const next = await store.rotate(refreshToken);
      const user = next === undefined ? null : await users.findById(next.refreshToken.handle);
      if (next === undefined || user === null) throw new MarqueeError('UNAUTHENTICATED');
      return withToken(user, next);
    },
    end: (refreshToken) => store.end(refreshToken),
  };
};

const wrongCredentials = (): MarqueeError =>
  new MarqueeError('UNAUTHENTICATED', {}, { message: 'The handle or the password is wrong.' });
