import { MarqueeError } from '@marquee/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notLeader } from '../leader/leadership.ts';

/** Set on a request that was passed on, so that it is not passed on again. */
const PASSED_ON_HEADER = 'x-marquee-passed-on';

/** Something to show without the leader: it is not waited for as long. */
export const VIEW_MAX_MS = 1_000;

/** The leader answers at once, or this instance says that it did not. */
const PASS_ON_MAX_MS = 10_000;

const REQUEST_HEADERS = ['authorization', 'content-type', 'idempotency-key', 'if-match'] as const;
const REPLY_HEADERS = ['content-type', 'etag', 'x-directory-version'] as const;

/**
 * Answers with what the leader answers: callers need not know which instance leads.
 *
 * @throws NOT_READY if no leader is known, or the one that is known passed it on; NAMENODE_UNAVAILABLE
 * if it does not answer
 */
export const passOn = async (
  request: FastifyRequest,
  reply: FastifyReply,
  leaderUrl: string | null,
  maxMs = PASS_ON_MAX_MS,
): Promise<FastifyReply> => {
  if (leaderUrl === null || request.headers[PASSED_ON_HEADER] !== undefined) throw notLeader(null);
  const headers: Record<string, string> = { [PASSED_ON_HEADER]: '1' };
  for (const name of REQUEST_HEADERS) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  try {
    const answer = await fetch(`${leaderUrl}${request.url}`, {
      method: request.method,
      headers,
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: AbortSignal.timeout(maxMs),
    });
    reply.code(answer.status);
    for (const name of REPLY_HEADERS) {
      const value = answer.headers.get(name);
      if (value !== null) reply.header(name, value);
    }
    // The text as it came: it has been through the leader's schema.
    return await reply.serializer(String).send(await answer.text());
  } catch (cause) {
    throw new MarqueeError('NAMENODE_UNAVAILABLE', { leader: leaderUrl }, { cause });
  }
};
