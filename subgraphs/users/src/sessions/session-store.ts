import {
  newOperationId,
  requestHash,
  withoutProtocolFields,
  type RequestScope,
  type SlotOperation,
} from '@marquee/subgraph-kit';
import type { StoredSession } from '@marquee/subgraph-kit/documents';
import type { StoredUser } from '../data-sources/users.ts';
import { withEndedSession } from './ended-sessions.ts';
import {
  judgeRefreshToken,
  newRefreshToken,
  newSalt,
  nextRefreshToken,
  parseRefreshToken,
  REFRESH_TTL_MS,
  secretHash,
  withSession,
  type RefreshToken,
} from './refresh-token.ts';

/** A session as it was when it began or was refreshed last. */
export interface KeptSession {
  readonly refreshToken: RefreshToken;
  /** The account's at that moment: a token of this session is of that generation, and no later one. */
  readonly tokenGeneration: number;
}

/** What keeps sessions in the documents of their users. It does not touch a user's revision. */
export interface SessionStore {
  /**
   * Keeps a new session of the user; undefined if the user's sessions have all been ended since `user`
   * was read. @throws what a write throws; SHARD_UNAVAILABLE among it.
   */
  begin(user: StoredUser): Promise<KeptSession | undefined>;
  /**
   * Uses a token up and answers the next one of its session: the same one, if it was just used. Undefined
   * if it is worth nothing. One that was used up before ends its session: somebody else has had it.
   */
  rotate(token: string): Promise<KeptSession | undefined>;
  /** Ends the token's session, if it is worth something. */
  end(token: string): Promise<void>;
}

/**
 * Longest that a session's write may take: whoever signs in waits for it, and can do without.
 */
const SESSION_WRITE_MAX_MS = 5_000;

// What a change makes of the user: something else, or nothing (undefined) if all stays.
type SessionChange = (user: StoredUser) => StoredUser | undefined;

type ChangeResult = { readonly changed: boolean; readonly tokenGeneration: number };

interface Seen {
  readonly session: StoredSession | undefined;
  readonly tokenGeneration: number;
  readonly judged: ReturnType<typeof judgeRefreshToken>;
}

export const createSessionStore = (scope: RequestScope): SessionStore => {
  const change = async (
    handle: string,
    name: string,
    decide: SessionChange,
  ): Promise<ChangeResult> => {
    const operation: SlotOperation<ChangeResult> = {
      slotKey: handle,
      operationId: `${handle}/${newOperationId(scope)}`,
      requestHash: requestHash(name, {}),
      prefetch: [{ collection: 'users', id: handle }],
      apply: async (slot) => {
        const user = (await slot.find('users', handle)) as StoredUser | null;
        const changed = user === null || user.deleted ? undefined : decide(user);
        if (changed !== undefined) slot.put('users', withoutProtocolFields(changed));
        return { changed: changed !== undefined, tokenGeneration: user?.tokenGeneration ?? 0 };
      },
    };
    const result = await scope.router.write(operation, { deadlineMs: SESSION_WRITE_MAX_MS });
    scope.restartReadClock();
    return result;
  };

  // A write is a transaction on every cluster of the shard: whoever sends rubbish gets none for it. An
  // in-sync read knows every session that was ever answered.
  const look = async (token: RefreshToken, nowMs: number): Promise<Seen> => {
    const [user] = await scope.router.findByIds('users', [token.handle], {
      ...scope.readOptions,
      projection: { sessions: 1, tokenGeneration: 1 },
    });
    if (user instanceof Error) throw user;
    const { sessions, tokenGeneration = 0 } = (user ?? {}) as Partial<StoredUser>;
    const session = sessions?.find(({ id }) => id === token.sessionId);
    return { session, tokenGeneration, judged: judgeRefreshToken(session, token.secret, nowMs) };
  };

  return {
    begin: async ({ _id: handle, tokenGeneration = 0 }) => {
      const nowMs = scope.now();
      const token = newRefreshToken(handle, scope.randomBytes);
      const session = storedSession(token, nowMs);
      const { changed } = await change(handle, 'beginSession', (user) =>
        (user.tokenGeneration ?? 0) === tokenGeneration
          ? { ...user, sessions: withSession(user.sessions ?? [], session, nowMs) }
          : undefined,
      );
      return changed ? { refreshToken: token, tokenGeneration } : undefined;
    },

    rotate: async (text) => {
      const token = parseRefreshToken(text);
      if (token === undefined) return undefined;
      const nowMs = scope.now();
      const seen = await look(token, nowMs);
      if (seen.judged === 'worthless') return undefined;
      if (seen.judged === 'just-used' && seen.session?.salt !== undefined) {
        return {
          refreshToken: nextRefreshToken(token, seen.session.salt),
          tokenGeneration: seen.tokenGeneration,
        };
      }
      const salt = newSalt(scope.randomBytes);
      // Of its last run, which is the one that counts.
      let saltInUse: string | undefined;
      const { tokenGeneration } = await change(token.handle, 'refreshSession', (user) => {
        const sessions = user.sessions ?? [];
        const known = sessions.find(({ id }) => id === token.sessionId);
        const judged = judgeRefreshToken(known, token.secret, nowMs);
        saltInUse = judged === 'just-used' ? known?.salt : judged === 'present' ? salt : undefined;
        if (judged === 'used-up') return withEndedSession(user, token.sessionId, nowMs);
        if (judged !== 'present') return undefined;
        const session = {
          ...storedSession(nextRefreshToken(token, salt), nowMs),
          previousHash: secretHash(token.secret),
          salt,
        };
        return { ...user, sessions: withSession(sessions, session, nowMs) };
      });
      if (saltInUse === undefined) return undefined;
      return { refreshToken: nextRefreshToken(token, saltInUse), tokenGeneration };
    },

    end: async (text) => {
      const token = parseRefreshToken(text);
      if (token === undefined) return;
      const nowMs = scope.now();
      if ((await look(token, nowMs)).judged === 'worthless') return;
      await change(token.handle, 'endSession', (user) => {
        const known = user.sessions?.find(({ id }) => id === token.sessionId);
        const judged = judgeRefreshToken(known, token.secret, nowMs);
        return judged === 'worthless' ? undefined : withEndedSession(user, token.sessionId, nowMs);
      });
    },
  };
};

const storedSession = ({ sessionId, secret }: RefreshToken, nowMs: number): StoredSession => ({
  id: sessionId,
  hash: secretHash(secret),
  rotatedAt: new Date(nowMs),
  expiresAt: new Date(nowMs + REFRESH_TTL_MS),
});
