import type { Timestamp } from 'bson';
import type { DurableState } from './group-commit.ts';
import type { Store } from './store.ts';

/** How long a moment that somebody read at stays readable; each one keeps freed pages of its time from reuse. */
export const PAST_STATE_MS = 60 * 1000;

/** More of them would take LMDB's reader slots from transactions. */
export const PAST_STATES_MAX = 64;

interface PastState {
  readonly time: Timestamp;
  readonly state: DurableState;
  usedMs: number;
}

/** For reads with `snapshot` outside of transactions: the moments that clients have begun to read at. */
export class PastStates {
  readonly #store: Store;
  readonly #nowMs: () => number;
  readonly #states: PastState[] = [];

  constructor(store: Store, nowMs: () => number) {
    this.#store = store;
    this.#nowMs = nowMs;
  }

  pinCurrent(): PastState {
    const state = this.#store.commits.durable;
    const known = this.#states.find((past) => past.state === state);
    if (known) {
      known.usedMs = this.#nowMs();
      return known;
    }
    if (this.#states.length === PAST_STATES_MAX) this.#states.shift()?.state.snapshot.release();
    state.snapshot.retain();
    // A time of its own: writes that are on their way already bear the present one.
    this.#store.clock.tick();
    const past = { time: this.#store.clock.timestamp(), state, usedMs: this.#nowMs() };
    this.#states.push(past);
    return past;
  }

  at(time: Timestamp): DurableState | undefined {
    const past = this.#states.find((one) => one.time.equals(time));
    if (past) past.usedMs = this.#nowMs();
    return past?.state;
  }

  timeOf(state: DurableState): Timestamp | undefined {
    return this.#states.find((past) => past.state === state)?.time;
  }

  expire(): void {
    const limitMs = this.#nowMs() - PAST_STATE_MS;
    for (const past of this.#states.filter(({ usedMs }) => usedMs < limitMs)) this.#drop(past);
  }

  close(): void {
    for (const past of [...this.#states]) this.#drop(past);
  }

  #drop(past: PastState): void {
    this.#states.splice(this.#states.indexOf(past), 1);
    past.state.snapshot.release();
  }
}
