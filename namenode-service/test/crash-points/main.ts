import { CRASH_CASES } from './crash-cases.ts';

/**
 * Lets the leader die at every step of every kind of operation, before the step and after it, and
 * looks whether the next leader completes or undoes the operation, with nothing lost.
 */
export const main = async (): Promise<number> => {
  let points = 0;
  const counts = { completed: 0, undone: 0, stuck: 0 };
  for (const each of CRASH_CASES) {
    const { steps, outcome } = await each.run(Infinity, 'before');
    if (outcome !== 'completed') throw new Error(`${each.name} does not complete by itself`);
    const before = { ...counts };
    for (let crashAt = 1; crashAt <= steps; crashAt += 1) {
      for (const moment of ['before', 'after'] as const) {
        points += 1;
        const run = await each.run(crashAt, moment);
        if (typeof run.outcome === 'string') {
          counts[run.outcome] += 1;
          continue;
        }
        counts.stuck += 1;
        const faults = run.outcome.stuck.slice(0, 3).join('; ');
        console.error(`${each.name}, ${moment} step ${crashAt}: ${faults}`);
      }
    }
    const [completed, undone] = [
      counts.completed - before.completed,
      counts.undone - before.undone,
    ];
    console.log(`${each.name}: ${steps} steps, ${completed} completed, ${undone} undone`);
  }
  const { completed, undone, stuck } = counts;
  console.log(
    `operations: ${CRASH_CASES.length} kinds, ${points} crash points, ` +
      `${completed} completed, ${undone} undone, ${stuck} stuck`,
  );
  return stuck === 0 ? 0 : 1;
};
