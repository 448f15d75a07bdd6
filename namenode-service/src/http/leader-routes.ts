import type { Clock } from '@marquee/slot-protocol';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { LeaderWord } from '../leader/leader-word.ts';
import { notLeader, type Leadership } from '../leader/leadership.ts';
import { pause } from '../pause.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import { ShardMapQuery } from './schemas.ts';

export interface LeaderRoutesOptions {
  readonly leadership: Leadership;
  readonly follower: DirectoryFollower;
  readonly clock: Clock;
}

/**
 * The leader's word to those that follow it: they need not ask the metadata cluster all the time
 * whether it lives, and learn of an edit at once. Nothing is decided by it.
 */
export const leaderRoutes =
  ({ leadership, follower, clock }: LeaderRoutesOptions): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    const waitForEdit = async (after: number, waitMs: number, signal: AbortSignal) => {
      const over = new AbortController();
      const stop = follower.onChange(() => {
        over.abort();
      });
      const ends = [
        over.signal,
        signal,
        ...(leadership.term === undefined ? [] : [leadership.term]),
      ];
      if (follower.state.lastEdit <= after) await pause(clock, waitMs, AbortSignal.any(ends));
      stop();
    };

    app.get(
      '/leader',
      {
        schema: {
          summary:
            'What the leader says of itself; waits for an edit after `after`, up to `waitMs`',
          querystring: ShardMapQuery,
          response: { 200: LeaderWord },
        },
      },
      async (request) => {
        const { after, waitMs } = request.query;
        if (leadership.isLeader && after !== undefined) {
          await waitForEdit(after, waitMs, request.signal);
        }
        const { word } = leadership;
        if (word === undefined) throw notLeader(null);
        return word;
      },
    );
    done();
  };
