import { MarqueeError } from '@marquee/errors';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { slotsOfShard, type FoundedDirectory } from '../directory/directory-state.ts';
import type { DirectoryRebuild } from '../rebuild/rebuild-directory.ts';
import { requireAdmin } from './authenticate.ts';

const Body = z.object({
  confirmDeployment: z
    .string()
    .optional()
    .describe('The deployment that was shown; without it nothing is done but looked'),
  why: z.string().max(500).default('the metadata cluster was lost'),
});

const Rebuilt = z
  .object({
    isRebuilt: z.boolean().describe('false: this is what would be made'),
    deployment: z.string(),
    version: z.int().describe('The edit with which the rebuilt log begins'),
    shards: z.array(
      z.object({
        name: z.string(),
        owner: z.string(),
        slots: z.int(),
        members: z.array(z.object({ cluster: z.string(), status: z.string() })).readonly(),
      }),
    ),
  })
  .meta({ id: 'RebuiltDirectory' });

export interface RebuildRoutesOptions {
  readonly rebuild: DirectoryRebuild;
}

/** The way back from the loss of the metadata cluster. */
export const rebuildRoutes =
  ({ rebuild }: RebuildRoutesOptions): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.post(
      '/directory/rebuild',
      {
        schema: {
          summary: 'Makes a lost directory anew from the fences of all clusters; shown first',
          body: Body,
          response: { 200: Rebuilt },
        },
      },
      async (request) => {
        requireAdmin(request.caller);
        const { confirmDeployment, why } = request.body;
        const plan = await rebuild.plan();
        if (confirmDeployment === undefined) return describe(plan, plan.lastEdit, false);
        if (confirmDeployment !== plan.deployment) {
          const message = `repeat the deployment that was shown: ${plan.deployment}`;
          throw new MarqueeError('BAD_USER_INPUT', { argument: 'confirmDeployment' }, { message });
        }
        const version = await rebuild.carryOut(plan, { by: request.caller.name, why });
        return describe(plan, version, true);
      },
    );
    done();
  };

const describe = (plan: FoundedDirectory, version: number, isRebuilt: boolean) => ({
  isRebuilt,
  deployment: plan.deployment,
  version,
  shards: plan.shards.map(({ name, owner, members }) => ({
    name,
    owner,
    slots: slotsOfShard(plan, name).length,
    members: members.map(({ cluster, status }) => ({ cluster, status })),
  })),
});
