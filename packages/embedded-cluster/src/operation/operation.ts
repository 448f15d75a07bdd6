import { CommandError } from '../command-error.ts';

/** How long a command may keep the event loop to itself. */
export const SLICE_MS = 8;

/** Asking the clock costs about as much as looking at a small document. */
const LOOKS_PER_CLOCK = 16;

/**
 * One command while it runs: when it must be finished, whether somebody wants it gone, and when it last
 * let others run.
 */
export class Operation {
  readonly #deadlineMs: number | undefined;
  readonly #nowMs: () => number;
  readonly #abandoned: () => boolean;
  #sliceStartMs: number;
  #looks = 0;
  #killed: CommandError | undefined;
  readonly #wakers = new Set<() => void>();

  /** `nowMs` is monotonic; `abandoned` says that nobody waits for the answer any more. */
  constructor(nowMs: () => number, maxTimeMs?: number, abandoned: () => boolean = () => false) {
    this.#nowMs = nowMs;
    this.#abandoned = abandoned;
    this.#sliceStartMs = nowMs();
    this.#deadlineMs =
      maxTimeMs === undefined || maxTimeMs === 0 ? undefined : this.#sliceStartMs + maxTimeMs;
  }

  /** True once in a while: then the caller awaits `pause`. */
  get dueToPause(): boolean {
    if (++this.#looks % LOOKS_PER_CLOCK !== 0) return false;
    return this.#nowMs() - this.#sliceStartMs > SLICE_MS;
  }

  /** Lets everything else run; throws if this operation must not go on. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    this.#sliceStartMs = this.#nowMs();
    this.assertGoesOn();
  }

  assertGoesOn(): void {
    if (this.#killed) throw this.#killed;
    if (this.#abandoned()) throw clientGone();
    if (this.#deadlineMs !== undefined && this.#nowMs() >= this.#deadlineMs) throw maxTimeExpired();
  }

  /** Waits for something that others decide, but not past the deadline. */
  async waitFor(event: Promise<void>): Promise<void> {
    this.assertGoesOn();
    let timer: NodeJS.Timeout | undefined;
    let wake!: () => void;
    const interrupted = new Promise<void>((resolve) => {
      wake = resolve;
      if (this.#deadlineMs !== undefined)
        timer = setTimeout(resolve, Math.max(0, this.#deadlineMs - this.#nowMs()));
    });
    this.#wakers.add(wake);
    try {
      await Promise.race([event, interrupted]);
    } finally {
      clearTimeout(timer);
      this.#wakers.delete(wake);
    }
    this.#sliceStartMs = this.#nowMs();
    this.assertGoesOn();
  }

  kill(reason: CommandError): void {
    this.#killed ??= reason;
    for (const wake of this.#wakers) wake();
  }
}

const CLIENT_DISCONNECT = 279;

const clientGone = (): CommandError => new CommandError(CLIENT_DISCONNECT, 'client disconnected');

const maxTimeExpired = (): CommandError =>
  new CommandError('MaxTimeMSExpired', 'operation exceeded time limit');
