import { MarqueeError } from '@marquee/errors';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { quarantineOf } from '../directory/directory-state.ts';
import type { OperationDesk } from '../operations/operation-desk.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import { requireAdmin } from './authenticate.ts';

const Params = z.object({ cluster: z.string().min(1).max(64) });

const Body = z.object({
  confirmCluster: z
    .string()
    .describe('The name again: what the cluster has lost is lost for good if it is an owner'),
  why: z.string().max(500).default('released by a person'),
});

export interface QuarantineRoutesOptions {
  readonly desk: OperationDesk;
  readonly follower: DirectoryFollower;
}

/** A person's word that a quarantined cluster is to be used as it is. */
export const quarantineRoutes =
  ({ desk, follower }: QuarantineRoutesOptions): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.post(
      '/clusters/:cluster/release',
      {
        schema: {
          summary:
            'Ends the quarantine of a cluster; one that is still not itself comes back into it',
          params: Params,
          body: Body,
          response: { 200: z.object({ version: z.int() }) },
        },
      },
      async (request) => {
        requireAdmin(request.caller);
        const { cluster } = request.params;
        const { confirmCluster, why } = request.body;
        const { state } = follower;
        if (quarantineOf(state, cluster) === undefined) {
          throw new MarqueeError('NOT_FOUND', { quarantine: cluster });
        }
        if (confirmCluster !== cluster) {
          const message = `acknowledged writes may be lost: repeat the name ${cluster}`;
          throw new MarqueeError('BAD_USER_INPUT', { argument: 'confirmCluster' }, { message });
        }
        const change = { kind: 'cluster-released', cluster } as const;
        return { version: (await desk.edit(change, { by: request.caller.name, why })).number };
      },
    );
    done();
  };
