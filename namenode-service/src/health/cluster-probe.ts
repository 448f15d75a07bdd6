import { requireStamp, stampFault, type ClusterStamps } from '../clusters/cluster-stamp.ts';
import type { QuarantineReason } from '../directory/edit.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import type { HeartbeatMemory } from './heartbeat-memory.ts';
import type { Probe } from './health-monitor.ts';

export interface ClusterProbeOptions {
  readonly follower: Pick<DirectoryFollower, 'state'>;
  readonly stamps: ClusterStamps;
  readonly heartbeats: HeartbeatMemory;
  /** Whether this instance raises the numbers; the others only read and remember them. */
  readonly raises: () => boolean;
  /** What an answer says of the cluster; null: it is what it should be. */
  readonly onVerdict: (cluster: string, verdict: QuarantineReason | null) => void;
}

/**
 * Asks a cluster who it is and how far its heartbeat number has come. A number that is lower than one
 * it has answered with before is that of a backup.
 */
export const createClusterProbe =
  ({ follower, stamps, heartbeats, raises, onVerdict }: ClusterProbeOptions): Probe =>
  async (cluster, signal) => {
    const { state } = follower;
    if (state.status === 'empty') return;
    const expected = { deployment: state.deployment, cluster };
    const isRaised = state.status === 'running' && raises();
    const found = isRaised
      ? await stamps.beat(cluster, expected, signal)
      : await stamps.read(cluster, signal);
    // Nobody waits any more: a late answer must not speak of what has changed since.
    if (signal.aborted) return;
    const fault = stampFault(expected, found);
    if (fault !== undefined || found === null) {
      if (state.status === 'running') onVerdict(cluster, fault ?? 'empty');
      requireStamp(expected, found);
      return;
    }
    const isBehind = heartbeats.isBehind(cluster, found.heartbeat);
    heartbeats.learn(cluster, isRaised ? found.heartbeat + 1 : found.heartbeat);
    onVerdict(cluster, isBehind ? 'restored' : null);
  };
