import { parseArgs } from 'node:util';
import { FAULTS } from './faults.ts';
import { runSchedule, type ScheduleResult } from './schedule.ts';
import { FaultSystem } from './system/fault-system.ts';

/** One of each kind of fault. */
const SCHEDULES_DEFAULT = '7';
const SHOWN_MAX = 5;

/** Runs the schedules on one system and prints what came of each. Answers the exit code. */
export const main = async (argv: readonly string[]): Promise<number> => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      schedules: { type: 'string', default: SCHEDULES_DEFAULT },
      only: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  const schedules = Number(values.schedules);
  const seed = Number(values.seed);
  const names = Object.keys(FAULTS).filter((name) => (values.only ?? name) === name);
  if (!(schedules >= 1) || !Number.isInteger(schedules + seed) || names.length === 0) {
    console.error(
      "usage: npm run test:faults -- [--schedules N] [--seed N] [--only 'owner killed']",
    );
    console.error(`faults: ${Object.keys(FAULTS).join(', ')}`);
    return 2;
  }
  console.log(`seed ${seed}`);
  const system = await FaultSystem.start();
  const results: ScheduleResult[] = [];
  try {
    for (let number = 1; number <= schedules; number += 1) {
      const startedAtMs = performance.now();
      const faultName = names[(number - 1) % names.length] ?? '';
      const result = await runSchedule(system, { number, seed, faultName });
      results.push(result);
      show(number, result, (performance.now() - startedAtMs) / 1_000);
    }
  } finally {
    await system.close();
  }
  const total = (of: (result: ScheduleResult) => number): number =>
    results.reduce((sum, result) => sum + of(result), 0);
  const lost = total((result) => result.lost.length);
  const duplicated = total((result) => result.duplicated.length);
  const resurrected = total((result) => result.resurrected.length);
  const stale = total((result) => result.stale.length);
  const wrong = total((result) => result.wrong.length);
  console.log(
    `faults: ${schedules} schedules, ${total(({ acknowledged }) => acknowledged)} acknowledged, ` +
      `lost ${lost}, duplicated ${duplicated}, resurrected ${resurrected}, stale ${stale}`,
  );
  return lost + duplicated + resurrected + stale + wrong === 0 ? 0 : 1;
};

const show = (number: number, result: ScheduleResult, seconds: number): void => {
  const { fault, acknowledged, reads } = result;
  console.log(
    `${String(number).padStart(3)}  ${fault.padEnd(24)} ${String(acknowledged).padStart(6)} acknowledged, ` +
      `${reads.trusted} reads under lease, ${reads.unsure} without, ${seconds.toFixed(0)} s`,
  );
  for (const kind of ['lost', 'duplicated', 'resurrected', 'stale', 'wrong'] as const) {
    for (const what of result[kind].slice(0, SHOWN_MAX)) console.log(`     ${kind}: ${what}`);
    const more = result[kind].length - SHOWN_MAX;
    if (more > 0) console.log(`     ${kind}: and ${more} more`);
  }
};
