import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from '../mutants/index.ts';
import { patchesOf, type Mutant } from '../mutants/mutant.ts';
import { SCENARIOS } from '../walk/scenarios.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import type { Arguments } from './arguments.ts';
import type { Walker } from './walker.ts';

export interface MutantTotals {
  readonly planted: number;
  readonly caught: number;
  readonly walks: number;
  readonly steps: number;
}

/** The walk in which a mistake was caught last: tried first the next time. */
interface Catch {
  readonly scenario: string;
  readonly seed: number;
}

/** Plants one mistake at a time, and walks until it is caught. */
export const catchMutants = async (
  walker: Walker,
  folder: string,
  options: Arguments,
): Promise<MutantTotals> => {
  const file = join(folder, 'mutants/first-catches.json');
  const known = readCatches(file);
  const wanted = MUTANTS.filter(
    ({ name }) =>
      (options.mutants?.includes(name) ?? true) && (!options.knownOnly || name in known),
  );
  const totals = { planted: wanted.length, caught: 0, walks: 0, steps: 0 };
  for (const mutant of wanted) {
    const outcome = await catchMutant(walker, mutant, known[mutant.name], options);
    totals.walks += outcome.walks;
    totals.steps += outcome.steps;
    if (outcome.caught !== undefined) {
      totals.caught += 1;
      if (options.learn) learn(file, mutant.name, outcome.caught);
    }
    if (outcome.caught === undefined || options.mutants !== undefined) {
      console.log(`${mutant.name} (${mutant.meaning}): ${outcome.what}`);
    }
  }
  return totals;
};

const readCatches = (file: string): Record<string, Catch> =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Catch>) : {};

const learn = (file: string, name: string, caught: Catch): void => {
  const known = { ...readCatches(file), [name]: caught };
  const sorted = Object.fromEntries(
    Object.entries(known).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
};

const catchMutant = async (
  walker: Walker,
  mutant: Mutant,
  known: Catch | undefined,
  { seed, mutantWalks }: Arguments,
): Promise<{ caught?: Catch; what: string; walks: number; steps: number }> => {
  const scenarios = mutant.scenarios ?? Object.keys(SCENARIOS);
  const random = new SeededRandom(seed).fork(mutant.name);
  let steps = 0;
  for (let walk = 0; walk < mutantWalks; walk += 1) {
    const next: Catch =
      walk === 0 && known !== undefined
        ? known
        : {
            scenario: scenarios[walk % scenarios.length] ?? '',
            seed: random.integer(0, 2 ** 31),
          };
    try {
      const { result } = await walker.walk({ patches: patchesOf(mutant), ...next });
      steps += result.steps;
      if (result.violation === undefined) continue;
      const what = `caught in walk ${walk + 1}: ${result.violation.slice(0, 160)}`;
      return { caught: next, what, walks: walk + 1, steps };
    } catch (error) {
      if ((error as { code?: string }).code !== 'STALE_PATCH') throw error;
      return { what: `STALE, ${(error as Error).message}`, walks: walk, steps };
    }
  }
  return { what: `NOT CAUGHT in ${mutantWalks} walks`, walks: mutantWalks, steps };
};
