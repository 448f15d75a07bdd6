import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { quarantineOf } from '../directory/directory-state.ts';
import type { EditLog } from '../edit-log/edit-log.ts';
import type { HealthMonitor, HealthReport } from '../health/health-monitor.ts';
import type { Leadership } from '../leader/leadership.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import { passOn, VIEW_MAX_MS } from './pass-on.ts';
import { ClusterList, EditPage, EditsQuery, ReportBody } from './schemas.ts';
import { VERSION_HEADER } from './shard-map-routes.ts';

export interface DirectoryRoutesOptions {
  readonly follower: DirectoryFollower;
  readonly monitor: HealthMonitor;
  /** What a person should know of a cluster first. */
  readonly problemOf: (cluster: string) => string | null;
  readonly log: EditLog;
  readonly leadership: Pick<Leadership, 'isLeader' | 'leaderUrl'>;
  /** A router has met a replica that lags behind. */
  readonly onBehind: (shard: string) => void;
}

const toHealth = (report: HealthReport | undefined, problem: string | null) => ({
  status: report?.health.status ?? ('suspect' as const),
  lastSeenAgoMs: report?.lastSeenAgoMs ?? null,
  rttMs: report?.rttMs ?? null,
  problem,
});

/** The clusters as the directory and the probes see them, the edit log, and routers' reports. */
export const directoryRoutes =
  ({
    follower,
    leadership,
    monitor,
    problemOf,
    log,
    onBehind,
  }: DirectoryRoutesOptions): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.get(
      '/clusters',
      { schema: { summary: 'The clusters and their health', response: { 200: ClusterList } } },
      (_request, reply) => {
        const { state } = follower;
        const shards = state.status === 'empty' ? [] : state.shards;
        const clusters = shards.flatMap((shard) =>
          shard.members.map(({ cluster, status }) => ({
            name: cluster,
            shard: shard.name,
            role: cluster === shard.owner ? ('owner' as const) : ('replica' as const),
            status,
            health: toHealth(monitor.healthOf(cluster), problemOf(cluster)),
            quarantine: quarantineOf(state, cluster) ?? null,
          })),
        );
        reply.header(VERSION_HEADER, state.lastEdit);
        return { version: state.lastEdit, clusters };
      },
    );

    app.get(
      '/edits',
      {
        schema: {
          summary: 'What was changed, when, by whom and why',
          querystring: EditsQuery,
          response: { 200: EditPage },
        },
      },
      async (request, reply) => {
        const { limit } = request.query;
        const { lastEdit: version } = follower.state;
        const after = request.query.after ?? Math.max(0, version - limit);
        const edits = await log.page(after, limit);
        const last = edits.at(-1);
        const next = last !== undefined && edits.length === limit ? last.number : null;
        reply.header(VERSION_HEADER, follower.state.lastEdit);
        return { edits, next, version };
      },
    );

    app.post(
      '/reports',
      {
        schema: {
          summary: 'What a router has seen: clusters it cannot reach, slots that lag',
          body: ReportBody,
        },
      },
      async (request, reply) => {
        for (const cluster of request.body.unreachable) monitor.report(cluster);
        if (!leadership.isLeader) {
          // Only the leader acts on it; without one there is nobody who could.
          await passOn(request, reply, leadership.leaderUrl, VIEW_MAX_MS).catch(() =>
            reply.code(204).send(),
          );
          return;
        }
        const { state } = follower;
        if (state.status !== 'empty') {
          for (const { slot } of request.body.behind) {
            const shard = state.slots[slot]?.shard;
            if (shard !== undefined) onBehind(shard);
          }
        }
        await reply.code(204).send();
      },
    );
    done();
  };
