import { hasCode, MarqueeError } from '@marquee/errors';
import type { Clock } from '@marquee/slot-protocol';
import { pause } from '../pause.ts';
import { applyEdit } from '../directory/apply-edit.ts';
import type { Change, Edit } from '../directory/edit.ts';
import type { EditLog } from '../edit-log/edit-log.ts';
import type { DirectoryFollower } from '../served-map/directory-follower.ts';
import type { AskLeader, LeaderWord } from './leader-word.ts';
import {
  LEASE_RAISE_INTERVAL_MS,
  LEASE_STANDSTILL_MS,
  LEASE_WATCH_INTERVAL_MS,
  mayTakeOver,
  sight,
  type LeaseSighting,
  type LeaseStore,
} from './leader-lease.ts';

/** Who orders an edit, and why; for people who read the log. */
export interface Reason {
  readonly by: string;
  readonly why: string;
}

export interface LeadershipOptions {
  readonly instance: string;
  /** Where this instance is reached, for others to pass requests on to; known once it listens. */
  readonly url: () => string | null;
  readonly log: EditLog;
  readonly leases: LeaseStore;
  readonly follower: DirectoryFollower;
  readonly clock: Clock;
  /** What this instance waits by when it leads; routers are told by the log. */
  readonly detectionTimeMs: number;
  /** Asks the leader itself whether it lives; by default the metadata cluster is asked alone. */
  readonly askLeader?: AskLeader;
  readonly onWarning: (what: string, error: unknown) => void;
}

/** A leader reads the log now and then although it knows what it appends, lest it should be wrong. */
const READ_INTERVAL_MS = 10_000;

type Role =
  | { readonly kind: 'watching'; readonly sighting: LeaseSighting | undefined }
  | { readonly kind: 'leading'; readonly term: AbortController; readonly counter: number };

/** The refusal of everything that only the leader may do. */
export const notLeader = (leader: string | null): MarqueeError =>
  new MarqueeError('NOT_READY', { leader }, { message: 'this instance does not lead' });

/**
 * Whether this instance leads, and the only way to append to the log while it does. A `term` is the
 * time from an election to the moment this instance learns that it leads no more.
 */
export class Leadership {
  readonly #options: LeadershipOptions;
  readonly #electedListeners = new Set<(term: AbortSignal) => void>();
  #role: Role = { kind: 'watching', sighting: undefined };
  #appending: Promise<unknown> = Promise.resolve();
  #lastAppended = 0;
  #electedByEdit = 0;
  #hasWatched = false;
  /** Whether the leader's word may stand for a look at the lease. */
  #trustsWord = false;
  /** An edit may be in the log that this instance does not know of. */
  #mustRead = true;
  #isReachable = true;

  constructor(options: LeadershipOptions) {
    this.#options = options;
    options.follower.onChange((state) => {
      const leader = state.status === 'empty' ? null : state.leader;
      // By number, not by name: a restarted process bears the name of the one before it.
      if (leader !== null && leader.sinceEdit !== this.#electedByEdit) this.#stepDown();
    });
  }

  get isLeader(): boolean {
    return this.#role.kind === 'leading';
  }

  /** Aborted when this instance leads no more; undefined while it does not lead. */
  get term(): AbortSignal | undefined {
    return this.#role.kind === 'leading' ? this.#role.term.signal : undefined;
  }

  /** Where the instance that leads is reached, as far as this one has seen. */
  get leaderUrl(): string | null {
    if (this.#role.kind === 'leading') return this.#options.url();
    return this.#role.sighting?.lease.url ?? null;
  }

  /** What this instance tells those that follow it; undefined while it does not lead. */
  get word(): LeaderWord | undefined {
    if (this.#role.kind !== 'leading') return undefined;
    const { follower, instance } = this.#options;
    return { instance, counter: this.#role.counter, lastEdit: follower.state.lastEdit };
  }

  /** Whether the metadata cluster has answered when it was last asked. */
  get isMetadataReachable(): boolean {
    return this.#isReachable;
  }

  /** Number of the last edit that this leader appended: what its changes of fences carry. */
  get lastAppended(): number {
    return this.#lastAppended;
  }

  /** `listener` is called at each election of this instance, with the term that begins. */
  onElected(listener: (term: AbortSignal) => void): void {
    this.#electedListeners.add(listener);
  }

  /** Watches the lease, takes it over when it may, holds it while it can; until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const sleepMs = await this.#step(signal);
      await pause(this.#options.clock, sleepMs, signal);
    }
    await this.#resign();
  }

  /**
   * Appends one edit and applies it; one at a time, in the order of the calls.
   *
   * @throws NOT_READY if this instance does not lead (any more), METADATA_UNAVAILABLE if it is not
   * known whether the edit is in the log, INTERNAL for an edit that the directory does not allow
   */
  append(change: Change, reason: Reason): Promise<Edit> {
    const appended = this.#appending.then(() => this.#append(change, reason));
    this.#appending = appended.catch(() => undefined);
    return appended;
  }

  /** Says in the log that this instance leads; at its election, or once there is something to lead. */
  async declare(reason?: Reason): Promise<void> {
    const { instance, detectionTimeMs } = this.#options;
    const usual = { by: instance, why: 'the lease was free or had stood still' };
    await this.append({ kind: 'leader-elected', instance, detectionTimeMs }, reason ?? usual);
  }

  async #append(change: Change, reason: Reason): Promise<Edit> {
    const { clock, follower, log } = this.#options;
    if (!this.isLeader) throw notLeader(this.#leaderName());
    const number = follower.state.lastEdit + 1;
    if (change.kind === 'leader-elected') this.#electedByEdit = number;
    const edit: Edit = { number, atMs: clock.now(), ...reason, change };
    // Refuses what must not get into the log.
    applyEdit(follower.state, edit);
    // Until it is known, what the log ends with is not.
    this.#mustRead = true;
    const outcome = await log.append(edit);
    this.#mustRead = false;
    if (outcome === 'number-taken') {
      this.#stepDown();
      throw notLeader(this.#leaderName());
    }
    this.#lastAppended = number;
    follower.learn(edit);
    return edit;
  }

  #leaderName(): string | null {
    const { state } = this.#options.follower;
    return state.status === 'empty' ? null : (state.leader?.instance ?? null);
  }

  async #step(signal: AbortSignal): Promise<number> {
    const { onWarning } = this.#options;
    try {
      if (this.#role.kind === 'watching' && (await this.#hearLeader(signal))) return 0;
      const sleepMs = await this.#ask();
      this.#isReachable = true;
      return sleepMs;
    } catch (error) {
      this.#isReachable = false;
      onWarning('the metadata cluster does not answer', error);
      return LEASE_RAISE_INTERVAL_MS;
    }
  }

  /** What the metadata cluster is asked for in one round. */
  async #ask(): Promise<number> {
    const { clock, follower } = this.#options;
    // A leader knows what it has appended, and whoever confirms a map reads the log anyway.
    const isDue = clock.monotonicNow() - follower.confirmedAtMs >= READ_INTERVAL_MS;
    if (this.#role.kind === 'watching' || this.#mustRead || isDue) {
      await follower.readToEnd();
      this.#mustRead = false;
    }
    return this.#role.kind === 'leading' ? this.#hold(this.#role) : this.#watch();
  }

  /** Whether the leader has spoken: then its counter moves, or stands still, as if it had been read. */
  async #hearLeader(signal: AbortSignal): Promise<boolean> {
    const { askLeader, clock, follower } = this.#options;
    const sighting = this.#role.kind === 'watching' ? this.#role.sighting : undefined;
    const url = sighting?.lease.url;
    const isHeard = askLeader !== undefined && sighting !== undefined && typeof url === 'string';
    if (!isHeard || !this.#trustsWord) return false;
    const untilMs = sighting.firstSeenAtMs + LEASE_STANDSTILL_MS;
    const waitMs = Math.min(LEASE_WATCH_INTERVAL_MS, untilMs - clock.monotonicNow());
    if (waitMs <= 0) return false;
    try {
      const word = await askLeader(url, follower.state.lastEdit, waitMs, signal);
      const lease = { ...sighting.lease, holder: word.instance, counter: word.counter };
      if (this.#role.kind !== 'watching') return false;
      this.#role = { kind: 'watching', sighting: sight(sighting, lease, clock.monotonicNow()) };
      if (word.lastEdit > follower.state.lastEdit) await follower.readToEnd();
      return true;
    } catch (error) {
      if (hasCode(error, 'METADATA_UNAVAILABLE')) throw error;
      // Nothing is known of it now but what the metadata cluster says.
      this.#trustsWord = false;
      return signal.aborted;
    }
  }

  async #hold(role: Extract<Role, { kind: 'leading' }>): Promise<number> {
    const { instance, leases, url } = this.#options;
    const next = { holder: instance, counter: role.counter + 1, url: url() };
    const held = await leases.compareAndSet(role.counter, next);
    // It may have stepped down while the metadata cluster answered.
    if (this.#role !== role) return LEASE_WATCH_INTERVAL_MS;
    if (held) this.#role = { ...role, counter: next.counter };
    else {
      this.#stepDown();
      // Who leads instead is to be seen at once.
      return 0;
    }
    return LEASE_RAISE_INTERVAL_MS;
  }

  async #watch(): Promise<number> {
    const { clock, instance, leases, url } = this.#options;
    const before = this.#role.kind === 'watching' ? this.#role.sighting : undefined;
    const lease = await leases.read();
    const nowMs = clock.monotonicNow();
    const sighting = sight(before, lease, nowMs);
    this.#role = { kind: 'watching', sighting };
    // Found at the start under one's own name, it is that of the process before a restart.
    const isOwnFromBefore = !this.#hasWatched && lease.holder === instance;
    this.#hasWatched = true;
    this.#trustsWord = true;
    if (!isOwnFromBefore && !mayTakeOver(sighting, nowMs)) {
      const standstillInMs = sighting.firstSeenAtMs + LEASE_STANDSTILL_MS - nowMs;
      return Math.min(LEASE_WATCH_INTERVAL_MS, standstillInMs);
    }
    const next = { holder: instance, counter: lease.counter + 1, url: url() };
    if (!(await leases.compareAndSet(lease.counter, next))) {
      this.#trustsWord = false;
      return 0;
    }
    await this.#takeOver(next.counter);
    return LEASE_RAISE_INTERVAL_MS;
  }

  // From the edit on, whatever the predecessor still does carries a lower number.
  async #takeOver(counter: number): Promise<void> {
    const { follower } = this.#options;
    await follower.readToEnd();
    const term = new AbortController();
    this.#role = { kind: 'leading', term, counter };
    try {
      // In an empty log the founding comes first.
      if (follower.state.status !== 'empty') await this.declare();
    } catch (error) {
      this.#stepDown();
      throw error;
    }
    for (const listener of this.#electedListeners) listener(term.signal);
  }

  /** Ends the term at once: another leader was found at work. */
  stepDown(): void {
    this.#stepDown();
  }

  #stepDown(): void {
    if (this.#role.kind !== 'leading') return;
    const { term } = this.#role;
    this.#role = { kind: 'watching', sighting: undefined };
    this.#trustsWord = false;
    this.#mustRead = true;
    term.abort();
  }

  async #resign(): Promise<void> {
    if (this.#role.kind !== 'leading') return;
    const { counter } = this.#role;
    this.#stepDown();
    const { leases, onWarning } = this.#options;
    // A courtesy to the successor, which otherwise waits for the standstill.
    await leases
      .compareAndSet(counter, { holder: null, counter: counter + 1, url: null })
      .catch((error: unknown) => {
        onWarning('the lease was not given up', error);
      });
  }
}
