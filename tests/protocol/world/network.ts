import { ServerError } from '../cluster-double/server-errors.ts';
import type { Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimProcess } from './sim-process.ts';

/** Whoever answers requests. */
export interface Endpoint {
  readonly name: string;
  /** False: connections are refused. */
  readonly isUp: boolean;
  /** Changes when all connections break. */
  readonly generation: number;
  /** Runs the handling of a request, when it can. */
  handle(work: () => void): void;
}

/** How rough the network of a walk is. */
export interface Weather {
  readonly latencyMeanMs: number;
  /** Share of messages that take much longer. */
  readonly slowShare: number;
  readonly slowMeanMs: number;
  /** Share of replies that get lost, after which the request may or may not have been executed. */
  readonly lostReplyShare: number;
}

/** A connection that says nothing is given up after so long: heartbeat, or the socket's time-out. */
const SILENCE_MIN_MS = 1_000;
const SILENCE_MAX_MS = 12_000;
/** How long the driver looks for a primary before it says that there is none. */
const SELECTION_MAX_MS = 5_000;

/** Every message between processes and clusters: each takes time, and may not arrive. */
export class Network {
  readonly #scheduler: Scheduler;
  readonly #weather: Weather;
  readonly #cuts = new Map<string, number>();
  /** No more losses: what is left has to come to an end. */
  calm = false;

  constructor(scheduler: Scheduler, weather: Weather) {
    this.#scheduler = scheduler;
    this.#weather = weather;
  }

  /** From now on nothing gets from one to the other; the other direction is another cut. */
  cut(from: string, to: string): void {
    const key = `${from}>${to}`;
    this.#cuts.set(key, (this.#cuts.get(key) ?? 0) + 1);
  }

  mend(from: string, to: string): void {
    const key = `${from}>${to}`;
    const left = (this.#cuts.get(key) ?? 0) - 1;
    if (left > 0) this.#cuts.set(key, left);
    else this.#cuts.delete(key);
  }

  mendAll(): void {
    this.#cuts.clear();
  }

  isCut(from: string, to: string): boolean {
    return this.#cuts.has(`${from}>${to}`);
  }

  /** One request and its answer. @throws ServerError connection-lost, or what `handle` throws */
  call<T>(
    from: SimProcess,
    random: SeededRandom,
    to: Endpoint,
    handle: () => T | Promise<T>,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { generation } = to;
      const lose = (afterMs: number): void => {
        this.#scheduler.after(afterMs, () => {
          from.deliver(() => reject(new ServerError('connection-lost', `${from.name}>${to.name}`)));
        });
      };
      const isBroken = (): boolean => !to.isUp || to.generation !== generation;
      const answer = (settle: () => void): void => {
        if (!this.calm && random.chance(this.#weather.lostReplyShare)) {
          lose(this.#noticeMs(random));
          return;
        }
        this.#scheduler.after(this.#latencyMs(random), () => {
          if (isBroken()) lose(this.#latencyMs(random));
          else if (this.isCut(to.name, from.name)) lose(this.#silenceMs(random));
          else from.deliver(settle);
        });
      };
      if (!to.isUp) {
        lose(random.chance(0.5) ? this.#latencyMs(random) : random.between(0, SELECTION_MAX_MS));
        return;
      }
      this.#scheduler.after(this.#latencyMs(random), () => {
        if (isBroken()) lose(this.#latencyMs(random));
        else if (this.isCut(from.name, to.name)) lose(this.#silenceMs(random));
        else this.#handle(to, handle, answer, { resolve, reject });
      });
    });
  }

  #handle<T>(
    to: Endpoint,
    handle: () => T | Promise<T>,
    answer: (settle: () => void) => void,
    { resolve, reject }: { resolve: (value: T) => void; reject: (error: unknown) => void },
  ): void {
    to.handle(() => {
      try {
        const handled = handle();
        if (handled instanceof Promise) {
          handled.then(
            (value) => answer(() => resolve(value)),
            (error: unknown) => answer(() => reject(error)),
          );
        } else {
          answer(() => resolve(handled));
        }
      } catch (error) {
        answer(() => reject(error));
      }
    });
  }

  #latencyMs(random: SeededRandom): number {
    const { latencyMeanMs, slowMeanMs, slowShare } = this.#weather;
    const isSlow = !this.calm && random.chance(slowShare);
    return random.exponential(isSlow ? slowMeanMs : latencyMeanMs);
  }

  #noticeMs(random: SeededRandom): number {
    return random.chance(0.5) ? this.#latencyMs(random) : this.#silenceMs(random);
  }

  #silenceMs(random: SeededRandom): number {
    return random.between(SILENCE_MIN_MS, SILENCE_MAX_MS);
  }
}
