import { z } from 'zod';

/** What a leader says of itself to the instances that follow it. */
export const LeaderWord = z
  .object({
    instance: z.string(),
    counter: z.int().describe('Of its lease, as it last raised it'),
    lastEdit: z.int().describe('The last edit that it knows'),
  })
  .meta({ id: 'LeaderWord' });

export type LeaderWord = z.output<typeof LeaderWord>;

/**
 * Asks the leader at this URL for its word, which may wait until it knows an edit after `after`, or
 * `waitMs`. Rejects when it does not answer, or does not lead.
 */
export type AskLeader = (
  url: string,
  after: number,
  waitMs: number,
  signal: AbortSignal,
) => Promise<LeaderWord>;

/** A leader that has not answered by this long after it should have is asked for at the metadata cluster. */
const ANSWER_MAX_MS = 700;

/** Over HTTP, with a service's token. */
export const createLeaderAsker =
  (serviceToken: () => Promise<string>): AskLeader =>
  async (url, after, waitMs, signal) => {
    const query = `after=${after}&waitMs=${Math.round(waitMs)}`;
    const limit = AbortSignal.timeout(waitMs + ANSWER_MAX_MS);
    const response = await fetch(`${url}/v1/leader?${query}`, {
      headers: { authorization: `Bearer ${await serviceToken()}` },
      signal: AbortSignal.any([limit, signal]),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`status ${response.status}`);
    return LeaderWord.parse(JSON.parse(text));
  };
