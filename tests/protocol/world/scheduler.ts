interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/**
 * Virtual time. One event after the other, in the order of their times; after each, everything that
 * follows from it in the promises of the code under test, so that a walk is a function of its seed.
 */
export class Scheduler {
  readonly #heap: Event[] = [];
  #order = 0;
  #nowMs = 0;
  #steps = 0;
  #codeRan = false;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Events so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Runs `run` after that time; what it answers cancels. */
  after(delayMs: number, run: () => void): () => void {
    const atMs = this.#nowMs + Math.max(0, delayMs);
    if (!Number.isFinite(atMs)) throw new TypeError(`no moment: ${delayMs} from now`);
    const event: Event = { atMs, order: this.#order, run, cancelled: false };
    this.#order += 1;
    this.#push(event);
    return () => {
      event.cancelled = true;
    };
  }

  /** To be called by every event that runs code of a process, so that its promises are waited for. */
  codeRuns(): void {
    this.#codeRan = true;
  }

  /** The next event and all that follows from it; false if there is none. */
  async step(): Promise<boolean> {
    const event = this.#pop();
    if (event === undefined) return false;
    this.#nowMs = event.atMs;
    this.#steps += 1;
    event.run();
    if (this.#codeRan) await settled();
    this.#codeRan = false;
    return true;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(event, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = event;
  }

  #pop(): Event | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined) return undefined;
      const last = this.#heap.pop();
      if (last !== undefined && last !== first) this.#sink(last);
      if (!first.cancelled) return first;
    }
  }

  #sink(event: Event): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (!isBefore(child, event)) break;
      heap[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    heap[index] = event;
  }
}

const isBefore = (left: Event, right: Event): boolean =>
  left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);

/** Resolves when no promise can go on by itself any more. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
