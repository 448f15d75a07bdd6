/** The value that `share` of all values are below, 0 to 1. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

const median = (values: readonly number[]): number => quantile(values, 0.5);

/** One call of `work`, in milliseconds. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
};

/**
 * Medians of several ways of doing the same, in milliseconds, taken in turns so that whatever else the
 * machine does falls on all of them. The first calls are not counted: code that runs often is faster.
 */
export const mediansInTurns = async (
  ways: readonly ((round: number) => Promise<unknown>)[],
  { rounds, maxMs }: { rounds: number; maxMs: number },
): Promise<number[]> => {
  const taken = ways.map((): number[] => []);
  const warmUp = Math.ceil(rounds / 5);
  const startedAtMs = performance.now();
  for (let round = 0; round < rounds + warmUp; round += 1) {
    // Whoever comes first in a round wakes the server up: that must not always be the same.
    for (let turn = 0; turn < ways.length; turn += 1) {
      const index = (turn + round) % ways.length;
      const way = ways[index];
      if (way === undefined) continue;
      const ms = await timed(() => way(round));
      if (round >= warmUp) taken[index]?.push(ms);
    }
    if (round > warmUp && performance.now() - startedAtMs > maxMs) break;
  }
  return taken.map(median);
};

/** How many calls a second `concurrency` callers make together for `forMs`. */
export const ratePerSecond = async (
  concurrency: number,
  forMs: number,
  work: (caller: number, call: number) => Promise<unknown>,
): Promise<number> => {
  const startedAtMs = performance.now();
  let calls = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async (_, caller) => {
      for (let call = 0; performance.now() - startedAtMs < forMs; call += 1) {
        await work(caller, call);
        calls += 1;
      }
    }),
  );
  return (calls * 1000) / (performance.now() - startedAtMs);
};
