import { USER_TOKEN_TTL_SECONDS } from '@marquee/identity';
import type { EndedSession, UserContent } from '@marquee/subgraph-kit/documents';

/** As long as a token of it may live, and a minute for clocks that differ. */
const REMEMBERED_MS = (USER_TOKEN_TTL_SECONDS + 60) * 1000;

/** Sessions of one user that ended lately; each is some 60 bytes of every look at the account. */
export const ENDED_SESSIONS_MAX = 100;

/**
 * A user's content after one of their sessions has ended, tokens of it included. Where more ended than are
 * remembered, all tokens end: the other sessions are refreshed.
 */
export const withEndedSession = <User extends UserContent>(
  user: User,
  id: string,
  nowMs: number,
): User => {
  const remembered = (user.endedSessions ?? []).filter(
    (ended) => ended.id !== id && nowMs - ended.endedAt.getTime() < REMEMBERED_MS,
  );
  const endedSessions: EndedSession[] = [...remembered, { id, endedAt: new Date(nowMs) }];
  const sessions = (user.sessions ?? []).filter((session) => session.id !== id);
  if (endedSessions.length <= ENDED_SESSIONS_MAX) return { ...user, sessions, endedSessions };
  const tokenGeneration = (user.tokenGeneration ?? 0) + 1;
  return { ...user, sessions, endedSessions: [], tokenGeneration };
};

/** Ends all sessions of a user and all their tokens: of those who knew the old password, for one. */
export const everybodySignedOut = ({ tokenGeneration = 0 }: UserContent) => ({
  sessions: undefined,
  endedSessions: undefined,
  tokenGeneration: tokenGeneration + 1,
});
