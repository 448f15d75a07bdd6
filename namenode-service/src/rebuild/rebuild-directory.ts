import { hasCode, MarqueeError } from '@marquee/errors';
import type { ClusterAddresses } from '@marquee/service-kit';
import { Deadline, type Clock, type DataCluster, type Fence } from '@marquee/slot-protocol';
import type { AddressBook } from '../clusters/address-book.ts';
import type { ClusterStamps } from '../clusters/cluster-stamp.ts';
import type { FoundedDirectory } from '../directory/directory-state.ts';
import type { EditLog } from '../edit-log/edit-log.ts';
import type { Leadership, Reason } from '../leader/leadership.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import { planRebuild, type FencedCluster } from './plan-rebuild.ts';

/** For the stamp and all fences of one cluster. */
const LOOK_MAX_MS = 15_000;

export interface RebuildTools {
  readonly addresses: AddressBook;
  readonly stamps: ClusterStamps;
  readonly cluster: (name: string) => Promise<DataCluster>;
  readonly log: Pick<EditLog, 'saveSnapshot'>;
  readonly leadership: Leadership;
  readonly follower: DirectoryFollower;
  readonly clock: Clock;
}

/** What is left of the directory when the metadata cluster is lost: the fences of all clusters. */
export class DirectoryRebuild {
  readonly #tools: RebuildTools;

  constructor(tools: RebuildTools) {
    this.#tools = tools;
  }

  /**
   * The directory that the fences make. Every cluster of the clusters file has to answer: one that does
   * not might know of a newer owner.
   *
   * @throws ALREADY_THERE where there is a directory, REBUILD_IMPOSSIBLE
   */
  async plan(): Promise<FoundedDirectory> {
    await this.#requireEmpty();
    const { clusters } = await this.#tools.addresses.refresh();
    const look = () => Promise.all(clusters.map((address) => this.#look(address)));
    const [first, second] = [await look(), await look()];
    const stamped = second.flatMap((later, index) => {
      const earlier = first[index];
      return later === null || earlier === null || earlier === undefined
        ? []
        : [{ ...later, fences: followersFirst(earlier.fences, later.fences) }];
    });
    const [deployment, ...others] = new Set(stamped.map((look) => look.deployment));
    if (deployment === undefined) throw impossible('no cluster belongs to a deployment');
    if (others.length > 0) {
      const message = `the clusters belong to several deployments: ${[deployment, ...others].join(', ')}`;
      throw impossible(message);
    }
    return planRebuild(deployment, stamped);
  }

  /**
   * Makes it the directory: a snapshot, and the edit of a leader after it. A leader that dies between the
   * two is followed by one that finds the snapshot.
   *
   * @throws as `plan`; NOT_READY, METADATA_UNAVAILABLE
   */
  async carryOut(plan: FoundedDirectory, reason: Reason): Promise<number> {
    const { follower, leadership, log } = this.#tools;
    await this.#requireEmpty();
    await log.saveSnapshot(plan);
    await follower.readToEnd();
    await leadership.declare(reason);
    return follower.state.lastEdit;
  }

  async #requireEmpty(): Promise<void> {
    const { follower } = this.#tools;
    await follower.readToEnd();
    if (follower.state.status === 'empty') return;
    const message = 'There is a directory: it is rebuilt only where the metadata cluster is empty.';
    throw new MarqueeError('ALREADY_THERE', { version: follower.state.lastEdit }, { message });
  }

  /** null: it was never used, and is nobody's. */
  async #look({
    name,
    shard,
    role,
  }: ClusterAddresses['clusters'][number]): Promise<
    (FencedCluster & { readonly deployment: string }) | null
  > {
    const { clock, cluster, stamps } = this.#tools;
    const deadline = Deadline.after(LOOK_MAX_MS, clock);
    try {
      const stamp = await deadline.abortable((signal) => stamps.read(name, signal));
      if (stamp === null) return null;
      if (stamp.cluster !== name) {
        throw impossible(`${name} is the cluster that is also given as ${stamp.cluster}`);
      }
      const fences = await (await cluster(name)).fences('all', deadline);
      return { name, shard, role, fences, deployment: stamp.deployment };
    } catch (cause) {
      if (hasCode(cause, 'REBUILD_IMPOSSIBLE')) throw cause;
      if (hasCode(cause, 'PROTOCOL_UNSUPPORTED')) {
        throw impossible(`${name} has fences of another version of the protocol`, cause);
      }
      throw impossible(`${name} does not answer`, cause);
    }
  }
}

/** Writes go on all the while. Owners are looked at last, so that no follower seems to be ahead of its owner. */
const followersFirst = (earlier: readonly Fence[], later: readonly Fence[]): Fence[] => {
  const before = new Map(earlier.map((fence) => [fence.slot, fence]));
  return later.map((fence) => (fence.state === 'open' ? fence : (before.get(fence.slot) ?? fence)));
};

const impossible = (why: string, cause?: unknown): MarqueeError =>
  new MarqueeError(
    'REBUILD_IMPOSSIBLE',
    {},
    { message: `The directory cannot be rebuilt: ${why}.`, cause },
  );
