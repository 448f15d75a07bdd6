import type { Logger } from '@marquee/service-kit';
import { quarantineOf } from '../directory/directory-state.ts';
import type { Change, QuarantineReason } from '../directory/edit.ts';
import type { Leadership } from '../leader/leadership.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';

export interface QuarantineKeeperOptions {
  readonly leadership: Pick<Leadership, 'append' | 'isLeader'>;
  readonly follower: Pick<DirectoryFollower, 'state'>;
  readonly instance: string;
  readonly logger: Logger;
  /** The fences of a shard are to be compared with what the directory says now. */
  readonly onChange: (shard: string) => void;
}

const WHY: Readonly<Record<QuarantineReason, string>> = {
  restored: 'it knows less than it once did: it was restored from a backup',
  foreign: 'it bears the stamp of another deployment',
  duplicate: 'it is the cluster that is also given under another name',
  empty: 'it bears no stamp: it has lost its data, or is another cluster',
};

/** Says in the log which clusters must not be used, and which may be again. */
export class QuarantineKeeper {
  readonly #options: QuarantineKeeperOptions;
  readonly #underway = new Set<string>();

  constructor(options: QuarantineKeeperOptions) {
    this.#options = options;
  }

  /** What a probe has found; null: the cluster is what it should be. Only a leader acts on it. */
  judge(cluster: string, verdict: QuarantineReason | null): void {
    const { logger } = this.#options;
    this.#judge(cluster, verdict).catch((err: unknown) => {
      // The next probe says it again.
      logger.warn({ event: 'quarantine', cluster, err }, 'a verdict was not kept');
    });
  }

  /** Its replica knows more than it does. @throws NOT_READY, METADATA_UNAVAILABLE */
  async accuse(cluster: string): Promise<void> {
    await this.#judge(cluster, 'restored');
  }

  async #judge(cluster: string, verdict: QuarantineReason | null): Promise<void> {
    const { leadership, follower } = this.#options;
    if (!leadership.isLeader || follower.state.status !== 'running') return;
    const known = quarantineOf(follower.state, cluster)?.why;
    // What was restored is mended by a copy; that it is itself again proves nothing.
    if (known === 'restored' && verdict === null) return;
    if (known === (verdict ?? undefined)) return;
    if (verdict !== null) {
      await this.#append(
        cluster,
        { kind: 'cluster-quarantined', cluster, why: verdict },
        WHY[verdict],
      );
    } else {
      await this.#append(cluster, { kind: 'cluster-released', cluster }, 'it is itself again');
    }
  }

  async #append(cluster: string, change: Change, why: string): Promise<void> {
    const { follower, instance, leadership, logger, onChange } = this.#options;
    const { state } = follower;
    const shard =
      state.status === 'empty'
        ? undefined
        : state.shards.find(({ members }) => members.some((m) => m.cluster === cluster));
    if (shard === undefined || this.#underway.has(cluster)) return;
    this.#underway.add(cluster);
    try {
      await leadership.append(change, { by: instance, why: `${cluster}: ${why}` });
      logger.error({ event: change.kind, cluster }, `${cluster}: ${why}`);
      onChange(shard.name);
    } finally {
      this.#underway.delete(cluster);
    }
  }
}
