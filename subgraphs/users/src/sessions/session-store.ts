import {
  newOperationId,
  requestHash,
  withoutProtocolFields,
  type RequestScope,
  type SlotOperation,
} from '@marquee/subgraph-kit';
import type { StoredSession } from '@marquee/subgraph-kit/documents';
import type { StoredUser } from '../data-sources/users.ts';
import {
  judgeRefreshToken,
  newRefreshToken,
  parseRefreshToken,
  REFRESH_TTL_MS,
  secretHash,
  withSession,
  type RefreshToken,
} from './refresh-token.ts';

/** What keeps sessions in the documents of their users. It does not touch a user's revision. */
export interface SessionStore {
  /** Keeps a new session of the user. @throws what a write throws; SHARD_UNAVAILABLE among it. */
  begin(handle: string): Promise<RefreshToken>;
  /**
   * Uses a token up and answers the next one of its session; undefined if it is worth nothing. A token
   * that was used up before ends its session: somebody else has had it.
   */
  rotate(token: string): Promise<RefreshToken | undefined>;
  /** Ends the token's session, if it is worth something. */
  end(token: string): Promise<void>;
}

/**
 * Longest that a session's write may take: whoever signs in waits for it, and can do without.
 */
const SESSION_WRITE_MAX_MS = 5_000;

// What a change makes of the sessions: others, or nothing (undefined) if they stay.
type SessionChange = (sessions: readonly StoredSession[]) => readonly StoredSession[] | undefined;

export const createSessionStore = (scope: RequestScope): SessionStore => {
  const change = async (handle: string, name: string, decide: SessionChange): Promise<boolean> => {
    const operation: SlotOperation<{ changed: boolean }> = {
      slotKey: handle,
      operationId: `${handle}/${newOperationId(scope)}`,
      requestHash: requestHash(name, {}),
      prefetch: [{ collection: 'users', id: handle }],
      apply: async (slot) => {
        const user = (await slot.find('users', handle)) as StoredUser | null;
        if (user === null || user.deleted) return { changed: false };
        const sessions = decide(user.sessions ?? []);
        if (sessions === undefined) return { changed: false };
        slot.put('users', { ...withoutProtocolFields(user), sessions });
        return { changed: true };
      },
    };
    const { changed } = await scope.router.write(operation, { deadlineMs: SESSION_WRITE_MAX_MS });
    scope.restartReadClock();
    return changed;
  };

  return {
    begin: async (handle) => {
      const nowMs = scope.now();
      const token = newRefreshToken(handle, scope.randomBytes);
      const session = storedSession(token, nowMs);
      await change(handle, 'beginSession', (sessions) => withSession(sessions, session, nowMs));
      return token;
    },

    rotate: async (text) => {
      const token = parseRefreshToken(text);
      if (token === undefined) return undefined;
      const nowMs = scope.now();
      const next = newRefreshToken(token.handle, scope.randomBytes, token.sessionId);
      const last = { good: false };
      const changed = await change(token.handle, 'refreshSession', (sessions) => {
        const known = sessions.find(({ id }) => id === token.sessionId);
        const judged = judgeRefreshToken(known, token.secret, nowMs);
        last.good = judged === 'good';
        if (judged === 'worthless' || known === undefined) return undefined;
        if (judged === 'used-up') return without(sessions, known);
        const session = { ...storedSession(next, nowMs), previousHash: secretHash(token.secret) };
        return withSession(sessions, session, nowMs);
      });
      return changed && last.good ? next : undefined;
    },

    end: async (text) => {
      const token = parseRefreshToken(text);
      if (token === undefined) return;
      await change(token.handle, 'endSession', (sessions) => {
        const known = sessions.find(({ id }) => id === token.sessionId);
        const judged = judgeRefreshToken(known, token.secret, scope.now());
        return judged === 'worthless' || known === undefined ? undefined : without(sessions, known);
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

const without = (sessions: readonly StoredSession[], ended: StoredSession): StoredSession[] =>
  sessions.filter(({ id }) => id !== ended.id);
