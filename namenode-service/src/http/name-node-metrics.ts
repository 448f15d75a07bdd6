import type { MetricsRegistry, Sample } from '@marquee/service-kit';
import type { DirectoryState } from '../directory/directory-state.ts';
import type { ClusterHealth } from '../health/cluster-health.ts';

export interface NameNodeMetricsOptions {
  readonly metrics: MetricsRegistry;
  readonly state: () => DirectoryState;
  readonly isLeader: () => boolean;
  readonly isMetadataReachable: () => boolean;
  readonly healthOf: (cluster: string) => ClusterHealth | undefined;
  /** Operations that a replica lacked when it was last compared; null where this instance does not know. */
  readonly lagOf: (shard: string, cluster: string) => number | null;
  /** Routers that wait for a newer map. */
  readonly waiterCount: () => number;
}

const HEALTH_STATUSES = ['healthy', 'suspect', 'down'] as const;

/** What an operator watches, as it is at the moment of each look: nothing is counted in between. */
export const addNameNodeMetrics = (options: NameNodeMetricsOptions): void => {
  const { metrics, state, isLeader, isMetadataReachable, healthOf, lagOf, waiterCount } = options;
  const shards = () => {
    const now = state();
    return now.status === 'empty' ? [] : now.shards;
  };
  const gauge = (
    name: string,
    help: string,
    read: () => readonly Sample[],
    labelNames: readonly string[] = [],
  ): void => {
    metrics.gauge({ name: `marquee_namenode_${name}`, help, labelNames, read });
  };
  const flag = (value: boolean): number => (value ? 1 : 0);

  gauge('leader', 'Whether this instance leads', () => [[flag(isLeader())]]);
  gauge('metadata_reachable', 'Whether the metadata cluster answered when last asked', () => [
    [flag(isMetadataReachable())],
  ]);
  gauge('directory_version', 'Number of the last edit that this instance knows', () => [
    [state().lastEdit],
  ]);
  gauge('map_waiters', 'Routers that wait for a newer map', () => [[waiterCount()]]);
  gauge('automation_paused', 'Whether nothing is done without an order', () => {
    const now = state();
    return [[flag(now.status !== 'empty' && now.automation.status === 'paused')]];
  });
  gauge(
    'operations',
    'Operations under way, by kind',
    () => {
      const now = state();
      const kinds = now.status === 'empty' ? [] : now.operations.map(({ plan }) => plan.kind);
      return [...new Set(kinds)].map((kind) => [
        kinds.filter((each) => each === kind).length,
        { kind },
      ]);
    },
    ['kind'],
  );
  gauge(
    'cluster_health',
    'The health of each cluster: 1 for what it is',
    () =>
      shards().flatMap(({ name: shard, members }) =>
        members.flatMap(({ cluster }) =>
          HEALTH_STATUSES.map((status) => {
            const is = healthOf(cluster)?.status ?? 'suspect';
            return [flag(is === status), { shard, cluster, status }] as const;
          }),
        ),
      ),
    ['shard', 'cluster', 'status'],
  );
  gauge(
    'cluster_in_sync',
    'Whether the cluster holds everything acknowledged',
    () =>
      shards().flatMap(({ name: shard, members }) =>
        members.map(
          ({ cluster, status }) => [flag(status !== 'learner'), { shard, cluster }] as const,
        ),
      ),
    ['shard', 'cluster'],
  );
  gauge(
    'cluster_quarantined',
    'Clusters that nobody may use, by reason',
    () => {
      const now = state();
      const quarantined = now.status === 'empty' ? [] : now.quarantined;
      return quarantined.map(({ cluster, why }) => [1, { cluster, why }] as const);
    },
    ['cluster', 'why'],
  );
  gauge(
    'replica_lag_operations',
    'Operations that a replica lacked when it was last compared; the leader knows',
    () =>
      shards().flatMap(({ name: shard, owner, members }) =>
        members.flatMap(({ cluster }) => {
          const lag = cluster === owner ? null : lagOf(shard, cluster);
          return lag === null ? [] : [[lag, { shard, cluster }] as const];
        }),
      ),
    ['shard', 'cluster'],
  );
};
