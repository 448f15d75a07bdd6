export interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Share of one core that this process, the driver's, was busy: near 1, the driver is the limit. */
  readonly driverBusy: number;
  /** The same of the process that is measured; NaN where the system does not tell. */
  readonly serverBusy: number;
}

/** Runs `work` `count` times, `concurrency` at a time. */
export const measure = async (
  count: number,
  concurrency: number,
  work: (number: number) => Promise<unknown>,
  serverCpuSeconds: () => number,
): Promise<Load> => {
  const latenciesMs: number[] = [];
  let next = 0;
  const cpuBefore = process.cpuUsage();
  const serverBefore = serverCpuSeconds();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (next < count) {
        const number = next++;
        const start = performance.now();
        await work(number);
        latenciesMs.push(performance.now() - start);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    perSecond: count / seconds,
    p50Ms: percentile(latenciesMs, 0.5),
    p95Ms: percentile(latenciesMs, 0.95),
    p99Ms: percentile(latenciesMs, 0.99),
    driverBusy: (user + system) / 1e6 / seconds,
    serverBusy: (serverCpuSeconds() - serverBefore) / seconds,
  };
};

export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
};
