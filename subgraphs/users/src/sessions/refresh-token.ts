import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { isHandle } from '@marquee/subgraph-kit';
import type { StoredSession } from '@marquee/subgraph-kit/documents';

/** A session can be refreshed this long after it was last; then its owner signs in again. */
export const REFRESH_TTL_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * A token that was used up answers its successor again for this long after it was first used: the answer
 * may have got lost, or two pages of one browser may have used it together. Later it can only be
 * stolen, or its successor was.
 */
export const REFRESH_GRACE_MS = 60_000;

/** Sessions of one user; a further one ends the one that was used longest ago. */
export const SESSIONS_MAX = 10;

const SECRET_BYTES = 32;
const ID_BYTES = 9;

/** `handle~session~secret`: it names its user, so it needs no index, and nothing is signed. */
const TOKEN = /^([^~]{2,30})~([\w-]{12})~([\w-]{43})$/;

export interface RefreshToken {
  readonly handle: string;
  readonly sessionId: string;
  readonly secret: string;
}

export type RandomBytes = (size: number) => Uint8Array;

const randomText = (randomBytes: RandomBytes, size: number): string =>
  Buffer.from(randomBytes(size)).toString('base64url');

/** The first token of a new session. */
export const newRefreshToken = (handle: string, randomBytes: RandomBytes): RefreshToken => ({
  handle,
  sessionId: randomText(randomBytes, ID_BYTES),
  secret: randomText(randomBytes, SECRET_BYTES),
});

export const newSalt = (randomBytes: RandomBytes): string => randomText(randomBytes, SECRET_BYTES);

/** The token after this one: the same again, as often as it is asked for, and stored nowhere. */
export const nextRefreshToken = (token: RefreshToken, salt: string): RefreshToken => ({
  ...token,
  secret: createHmac('sha256', token.secret).update(salt).digest('base64url'),
});

export const formatRefreshToken = ({ handle, sessionId, secret }: RefreshToken): string =>
  [handle, sessionId, secret].join('~');

/** Undefined for what is no token of ours. */
export const parseRefreshToken = (text: string): RefreshToken | undefined => {
  const [, handle, sessionId, secret] = TOKEN.exec(text) ?? [];
  if (sessionId === undefined || secret === undefined || !isHandle(handle)) return undefined;
  return { handle, sessionId, secret };
};

/** What is stored of a secret: it is random, so a plain hash cannot be turned back. */
export const secretHash = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url');

const isHashOf = (hash: string | undefined, secret: string): boolean =>
  hash !== undefined && timingSafeEqual(Buffer.from(hash), Buffer.from(secretHash(secret)));

/**
 * How a token stands to the session that it names: its present one, the one before within the grace, or
 * an older one. Only who had a token of it knows a session's id, so what else names one is taken for old.
 */
export const judgeRefreshToken = (
  session: StoredSession | undefined,
  secret: string,
  nowMs: number,
): 'present' | 'just-used' | 'used-up' | 'worthless' => {
  if (session === undefined || session.expiresAt.getTime() <= nowMs) return 'worthless';
  if (isHashOf(session.hash, secret)) return 'present';
  const isPrevious = isHashOf(session.previousHash, secret) && session.salt !== undefined;
  const isInTime = nowMs - session.rotatedAt.getTime() <= REFRESH_GRACE_MS;
  return isPrevious && isInTime ? 'just-used' : 'used-up';
};

/** The sessions with this one as the newest, and without those that have ended. */
export const withSession = (
  sessions: readonly StoredSession[],
  session: StoredSession,
  nowMs: number,
): StoredSession[] =>
  [
    ...sessions.filter(({ id, expiresAt }) => id !== session.id && expiresAt.getTime() > nowMs),
    session,
  ]
    .toSorted((a, b) => a.rotatedAt.getTime() - b.rotatedAt.getTime())
    .slice(-SESSIONS_MAX);
