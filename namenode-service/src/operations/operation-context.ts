import { MarqueeError } from '@marquee/errors';
import { Deadline, type Clock, type DataCluster } from '@marquee/slot-protocol';
import type { FoundedDirectory } from '../directory/directory-state.ts';
import type { Leadership } from '../leader/leadership.ts';
import { pause } from '../pause.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import { OperationImpossible } from './operation-failure.ts';

/** One call to a cluster, which may be many small transactions; more means that it is not well. */
export const CLUSTER_CALL_MAX_MS = 10_000;

/** A wait looks this often at whether what it waits for is still wanted. */
const CHECKPOINT_INTERVAL_MS = 500;

/** What every operation works with. */
export interface OperationContext {
  readonly leadership: Pick<Leadership, 'append' | 'lastAppended'>;
  readonly follower: Pick<DirectoryFollower, 'state' | 'learnedAtMs' | 'readToEnd'>;
  readonly cluster: (name: string) => Promise<DataCluster>;
  readonly clock: Clock;
  /** Aborted when this instance leads no more. */
  readonly term: AbortSignal;
}

/** The directory, which the leader knows to be founded. */
export const directoryOf = ({ follower }: Pick<OperationContext, 'follower'>): FoundedDirectory => {
  const { state } = follower;
  if (state.status !== 'running') throw new OperationImpossible('nothing has been founded');
  return state;
};

export const callDeadline = (
  { clock }: Pick<OperationContext, 'clock'>,
  maxMs = CLUSTER_CALL_MAX_MS,
): Deadline => Deadline.after(maxMs, clock);

/** How long a router may still trust a map from before this edit, in ms; negative if none can. */
export const leaseLeft = (context: OperationContext, edit: number): number => {
  const { leader } = directoryOf(context);
  const leaseMs = Math.max(leader?.detectionTimeMs ?? 0, leader?.previousDetectionTimeMs ?? 0);
  return context.follower.learnedAtMs(edit) + leaseMs - context.clock.monotonicNow();
};

/**
 * Waits until no router can trust a map from before this edit: the whole detection time, counted
 * from when this instance learned of the edit (PROTOCOL.md section 4).
 *
 * @throws NOT_READY if the term ends before, and what `checkpoint` throws meanwhile
 */
export const waitOutLease = async (
  context: OperationContext,
  edit: number,
  checkpoint: () => void = () => undefined,
): Promise<void> => {
  const leftMs = leaseLeft(context, edit);
  if (leftMs > 0) await pauseBetweenCheckpoints(context, leftMs, checkpoint);
  // The pause ends with the term: what was waited for has not come, and is another leader's now.
  if (context.term.aborted)
    throw new MarqueeError('NOT_READY', {}, { message: 'the term is over' });
};

const pauseBetweenCheckpoints = async (
  { clock, term }: OperationContext,
  durationMs: number,
  checkpoint: () => void,
): Promise<void> => {
  const untilMs = clock.monotonicNow() + durationMs;
  for (;;) {
    const leftMs = untilMs - clock.monotonicNow();
    if (leftMs <= 0 || term.aborted) return;
    await pause(clock, Math.min(leftMs, CHECKPOINT_INTERVAL_MS), term);
    checkpoint();
  }
};
