import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { MarqueeError } from '@marquee/errors';
import { z } from 'zod';
import { orderRefusal } from '../operations/order-refusal.ts';
import { requireShard } from '../operations/order-request.ts';
import { requireAdmin } from './authenticate.ts';
import type { QuarantineRoutesOptions } from './quarantine-routes.ts';

const Params = z.object({ shard: z.string().min(1).max(64) });

const Body = z.object({
  minInSync: z
    .int()
    .min(1)
    .max(16)
    .describe('Clusters that must have a write before it is acknowledged, the owner included'),
  why: z.string().max(500).default('ordered by a person'),
});

/** What a person may set of a shard. */
export const shardConfigurationRoutes =
  ({ desk, follower }: QuarantineRoutesOptions): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.put(
      '/shards/:shard/configuration',
      {
        schema: {
          summary: 'How many clusters of a shard must stay in sync',
          params: Params,
          body: Body,
          response: { 200: z.object({ version: z.int() }) },
        },
      },
      async (request) => {
        requireAdmin(request.caller);
        const { state } = follower;
        if (state.status !== 'running') throw new MarqueeError('NOT_READY');
        const { minInSync, why } = request.body;
        const shard = requireShard(state, request.params.shard);
        if (shard.minInSync === minInSync) return { version: state.lastEdit };
        const { length } = shard.members;
        if (minInSync > length) {
          throw orderRefusal('NOT_IN_SYNC', 'minInSync', `${shard.name} has ${length} clusters`);
        }
        const change = { kind: 'shard-configured', shard: shard.name, minInSync } as const;
        return { version: (await desk.edit(change, { by: request.caller.name, why })).number };
      },
    );
    done();
  };
