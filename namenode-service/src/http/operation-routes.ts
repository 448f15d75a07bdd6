import { MarqueeError } from '@marquee/errors';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import {
  quarantineOf,
  shardsOf,
  slotsOfShard,
  type FoundedDirectory,
} from '../directory/directory-state.ts';
import type { ClusterHealth } from '../health/cluster-health.ts';
import type { OperationDesk } from '../operations/operation-desk.ts';
import type { OperationStore } from '../operations/operation-entry.ts';
import type { Leadership } from '../leader/leadership.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import { requireAdmin } from './authenticate.ts';
import {
  Automation,
  AutomationBody,
  DryRun,
  OrderHeaders,
  Operation,
  OperationList,
  OperationParams,
  OperationsQuery,
  OrderBody,
  OrderQuery,
  ShardList,
} from './operation-schemas.ts';
import { passOn, VIEW_MAX_MS } from './pass-on.ts';
import { VERSION_HEADER } from './shard-map-routes.ts';

export interface OperationRoutesOptions {
  readonly desk: OperationDesk;
  readonly store: OperationStore;
  readonly follower: DirectoryFollower;
  readonly leadership: Pick<Leadership, 'isLeader' | 'leaderUrl'>;
  readonly healthOf: (cluster: string) => ClusterHealth | undefined;
}

/** Operations: what is done to shards, by order of a person or by the leader itself. */
export const operationRoutes =
  ({
    desk,
    store,
    follower,
    leadership,
    healthOf,
  }: OperationRoutesOptions): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    const directory = (): FoundedDirectory => {
      const { state } = follower;
      if (state.status === 'empty') throw new MarqueeError('NOT_READY', { directory: 'empty' });
      return state;
    };

    app.post(
      '/operations',
      {
        schema: {
          summary: 'Orders an operation, or asks what it would do',
          querystring: OrderQuery,
          headers: OrderHeaders,
          body: OrderBody,
          response: { 200: DryRun, 202: Operation },
        },
      },
      async (request, reply) => {
        requireAdmin(request.caller);
        if (request.query.dryRun === 'true') {
          reply.code(200);
          return { dryRun: true as const, ...(await desk.preview(request.body)) };
        }
        const key = request.headers['idempotency-key'] ?? null;
        reply.code(202);
        return desk.order(request.body, request.caller.name, key);
      },
    );

    app.get(
      '/operations',
      {
        schema: {
          summary: 'Operations, the newest first',
          querystring: OperationsQuery,
          response: { 200: OperationList },
        },
      },
      async (request) => {
        const { limit, before } = request.query;
        const operations = await store.list(limit, before);
        const last = operations.at(-1);
        const next = last !== undefined && operations.length === limit ? last.id : null;
        return { operations, next };
      },
    );

    app.get(
      '/operations/:id',
      {
        schema: {
          summary: 'One operation with its steps',
          params: OperationParams,
          response: { 200: Operation },
        },
      },
      async (request) => {
        const { id } = request.params;
        const found = await store.find(id);
        if (found === undefined) throw new MarqueeError('NOT_FOUND', { operation: id });
        return found;
      },
    );

    app.post(
      '/operations/:id/cancel',
      {
        schema: {
          summary: 'Undoes the operation at its next checkpoint, if it is not decided by then',
          params: OperationParams,
          response: { 202: Operation },
        },
      },
      async (request, reply) => {
        requireAdmin(request.caller);
        reply.code(202);
        return desk.cancel(request.params.id);
      },
    );

    app.put(
      '/automation',
      {
        schema: {
          summary: 'Pauses or resumes what the leader does without an order',
          body: AutomationBody,
          response: { 200: Automation },
        },
      },
      async (request) => {
        requireAdmin(request.caller);
        const { status, why } = request.body;
        const state = directory();
        if (state.automation.status === status) return { status, version: state.lastEdit };
        const kind = status === 'paused' ? 'automation-paused' : 'automation-resumed';
        const edit = await desk.edit({ kind }, { by: request.caller.name, why });
        return { status, version: edit.number };
      },
    );

    app.get(
      '/shards',
      {
        schema: { summary: 'Shards with their members', response: { 200: ShardList } },
        // The leader alone knows how far replicas lag; without it the rest is worth showing.
        preHandler: async (request, reply) => {
          if (leadership.isLeader) return;
          await passOn(request, reply, leadership.leaderUrl, VIEW_MAX_MS).catch(() => undefined);
        },
      },
      (_request, reply) => {
        const state = directory();
        reply.header(VERSION_HEADER, state.lastEdit);
        return {
          version: state.lastEdit,
          leader: state.leader?.instance ?? null,
          automation: state.automation.status,
          shards: state.shards.map(({ name, owner, members, minInSync, reads }) => ({
            name,
            owner,
            slots: slotsOfShard(state, name).length,
            minInSync,
            strongReadsOnly: reads.kind === 'strong-only',
            safeMode: desk.safeModeOf(name),
            busyWith:
              state.operations.find(({ plan }) => shardsOf(plan).includes(name))?.id ?? null,
            members: members.map(({ cluster, status }) => ({
              cluster,
              status,
              health: healthOf(cluster)?.status ?? ('suspect' as const),
              quarantine: quarantineOf(state, cluster)?.why ?? null,
              lag: cluster === owner ? 0 : desk.lagOf(name, cluster),
            })),
          })),
        };
      },
    );
    done();
  };
