import { MarqueeError } from '@marquee/errors';
import { hashPassword, verifyPassword } from '@marquee/identity';

/** Hashes under way at once: each takes a core for 50 ms and 19 MiB, and queries need cores too. */
export const PASSWORD_CONCURRENCY = 2;

/** Hashes that wait: over a second's worth, and whoever waits behind it has long given up. */
export const PASSWORD_QUEUE_MAX = 50;

/** Hashing and checking of passwords, a bounded amount of it at a time. */
export interface Passwords {
  /** @throws OVERLOADED */
  hash(password: string): Promise<string>;
  /** False, after the same time, also where nothing is stored. @throws OVERLOADED */
  verify(stored: string | undefined, password: string): Promise<boolean>;
}

/** The work on passwords of one process: two queues for the same few places. */
export interface PasswordQueues {
  /** For requests of nobody in particular, of which there may be any number. */
  readonly ofAnybody: Passwords;
  /** For people who are signed in: they go first, so that no crowd at the door keeps them waiting. */
  readonly ofViewers: Passwords;
}

export const createPasswordQueues = (
  work: { hash: typeof hashPassword; verify: typeof verifyPassword } = {
    hash: hashPassword,
    verify: verifyPassword,
  },
): PasswordQueues => {
  let underway = 0;
  const anybody: (() => void)[] = [];
  const viewers: (() => void)[] = [];

  const bounded = async <T>(waiting: (() => void)[], run: () => Promise<T>): Promise<T> => {
    if (underway >= PASSWORD_CONCURRENCY) {
      if (waiting.length >= PASSWORD_QUEUE_MAX) throw new MarqueeError('OVERLOADED');
      // Whoever leaves hands its place on, so `underway` stays as it is.
      await new Promise<void>((enter) => waiting.push(enter));
    } else {
      underway += 1;
    }
    try {
      return await run();
    } finally {
      const next = viewers.shift() ?? anybody.shift();
      if (next === undefined) underway -= 1;
      else next();
    }
  };

  const through = (waiting: (() => void)[]): Passwords => ({
    hash: (password) => bounded(waiting, () => work.hash(password)),
    verify: (stored, password) => bounded(waiting, () => work.verify(stored, password)),
  });
  return { ofAnybody: through(anybody), ofViewers: through(viewers) };
};
