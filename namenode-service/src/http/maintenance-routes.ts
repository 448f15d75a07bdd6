import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Maintenance } from '../operations/maintenance.ts';
import type { OperationDesk } from '../operations/operation-desk.ts';
import { requireAdmin } from './authenticate.ts';
import { Findings, Operation, OrderHeaders, OrderQuery } from './operation-schemas.ts';

const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);
const Why = z.string().max(500).default('ordered by a person');

const Done = z.object({ version: z.int().describe('Number of the last edit') });

const Move = z
  .object({ from: z.string(), to: z.string(), slots: z.array(z.int()).readonly() })
  .meta({ id: 'Move' });

export interface MaintenanceRoutesOptions {
  readonly desk: OperationDesk;
  readonly maintenance: Maintenance;
}

/** What the deployment consists of, how its slots are spread, and whether its data is what it should be. */
export const maintenanceRoutes =
  ({ desk, maintenance }: MaintenanceRoutesOptions): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.post(
      '/shards',
      {
        schema: {
          summary: 'Adds a shard of new clusters, without slots',
          body: z.object({
            name: Name,
            owner: Name,
            replicas: z.array(Name).default([]),
            why: Why,
          }),
          response: { 201: Done },
        },
      },
      async (request, reply) => {
        requireAdmin(request.caller);
        const { why, ...shard } = request.body;
        reply.code(201);
        return { version: await maintenance.addShard(shard, { by: request.caller.name, why }) };
      },
    );

    app.delete(
      '/shards/:shard',
      {
        schema: {
          summary: 'Removes a shard that has no slots',
          params: z.object({ shard: Name }),
          response: { 200: Done },
        },
      },
      async (request) => {
        requireAdmin(request.caller);
        const reason = { by: request.caller.name, why: 'removed by a person' };
        return { version: await maintenance.removeShard(request.params.shard, reason) };
      },
    );

    app.post(
      '/shards/:shard/clusters',
      {
        schema: {
          summary: 'Adds a cluster to a shard; it joins when it has everything',
          params: z.object({ shard: Name }),
          body: z.object({ cluster: Name, why: Why }),
          response: { 201: Done },
        },
      },
      async (request, reply) => {
        requireAdmin(request.caller);
        const { cluster, why } = request.body;
        const reason = { by: request.caller.name, why };
        reply.code(201);
        return { version: await maintenance.addCluster(request.params.shard, cluster, reason) };
      },
    );

    app.delete(
      '/shards/:shard/clusters/:cluster',
      {
        schema: {
          summary: 'Orders that a replica is taken out of a shard for good',
          headers: OrderHeaders,
          params: z.object({ shard: Name, cluster: Name }),
          response: { 202: Operation },
        },
      },
      async (request, reply) => {
        requireAdmin(request.caller);
        const key = request.headers['idempotency-key'] ?? null;
        const order = {
          kind: 'remove-cluster' as const,
          ...request.params,
          why: 'removed by a person',
        };
        reply.code(202);
        return desk.order(order, request.caller.name, key);
      },
    );

    app.post(
      '/rebalance',
      {
        schema: {
          summary: 'Evens the shards out, or drains one',
          querystring: OrderQuery,
          body: z.object({
            by: z.enum(['documents', 'slots']).default('documents'),
            drain: Name.optional().describe('The shard that is to have no slots'),
            why: Why,
          }),
          response: {
            200: z.object({ dryRun: z.literal(true), moves: z.array(Move) }),
            202: z.object({ moves: z.array(Move), operations: z.array(Operation) }),
          },
        },
      },
      async (request, reply) => {
        requireAdmin(request.caller);
        const { by, drain, why } = request.body;
        const moves = await maintenance.planMoves(by, drain);
        if (request.query.dryRun === 'true') return { dryRun: true as const, moves };
        const reason = { by: request.caller.name, why };
        reply.code(202);
        return { moves, operations: await maintenance.orderMoves(moves, reason) };
      },
    );

    app.get(
      '/findings',
      {
        schema: {
          summary: 'Looks through all clusters for what must not be; takes its time',
          response: { 200: Findings },
        },
      },
      async (request) => {
        requireAdmin(request.caller);
        return maintenance.check();
      },
    );

    done();
  };
