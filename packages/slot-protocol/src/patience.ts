import { MarqueeError } from '@marquee/errors';
import type { Deadline } from './deadline.ts';
import type { OwnerDirectory } from './owner-directory.ts';

/**
 * Waits for clusters as long as the map says what it said when the waiting began. What was given up may
 * still happen; the protocol makes sending it again safe.
 */
export class Patience {
  readonly #owners: OwnerDirectory;
  readonly #patienceMs: number;

  constructor(owners: OwnerDirectory, patienceMs: number) {
    this.#owners = owners;
    this.#patienceMs = patienceMs;
  }

  /** @throws STALE_MAP once the map has changed, DEADLINE_EXCEEDED, and what `work` throws. */
  whileMapHolds<T>(deadline: Deadline, work: () => Promise<T>): Promise<T> {
    const { clock } = deadline;
    const version = this.#owners.version();
    return new Promise((resolve, reject) => {
      let cancel = (): void => undefined;
      let over = false;
      const finish = (act: () => void): void => {
        over = true;
        cancel();
        act();
      };
      const wait = (): void => {
        if (over) return;
        cancel = clock.setTimer(() => void look(), this.#patienceMs);
      };
      const look = async (): Promise<void> => {
        await deadline.race(this.#owners.refresh()).catch(() => undefined);
        if (over) return;
        if (this.#owners.version() === version) wait();
        else finish(() => reject(new MarqueeError('STALE_MAP', { version })));
      };
      wait();
      deadline.race(work()).then(
        (value) => finish(() => resolve(value)),
        (failure: unknown) => {
          const error = failure as Error;
          finish(() => reject(error));
        },
      );
    });
  }
}
