import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SCENARIOS } from '../walk/scenarios.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { parseArguments, type Arguments } from './arguments.ts';
import { keepCase, readCases } from './cases.ts';
import { catchMutants } from './catch-mutants.ts';
import { shrink } from './shrink.ts';
import { Walker, type Walked } from './walker.ts';

interface Totals {
  walks: number;
  steps: number;
  violations: number;
  acknowledged: number;
  readonly edits: Map<string, number>;
}

/** Everything that `npm run test:protocol` does; answers the exit code. */
export const main = async (folder: string, argv: readonly string[]): Promise<number> => {
  const options = parseArguments(argv);
  const walker = new Walker(pathToFileURL(join(folder, 'runner/walk-worker.mjs')));
  try {
    const totals: Totals = { walks: 0, steps: 0, violations: 0, acknowledged: 0, edits: new Map() };
    await walkCases(walker, join(folder, 'cases'), totals);
    await walkSeeds(walker, join(folder, 'cases'), options, totals);
    const { edits, acknowledged } = totals;
    console.log(`${acknowledged} operations acknowledged; edits: ${listed(edits)}`);
    const mutants = await catchMutants(walker, folder, options);
    totals.walks += mutants.walks;
    totals.steps += mutants.steps;
    console.log(
      `protocol: ${totals.walks} walks, ${totals.steps} steps, ${totals.violations} violations, ` +
        `${mutants.caught} of ${mutants.planted} mistakes caught`,
    );
    return totals.violations === 0 && mutants.caught === mutants.planted ? 0 : 1;
  } finally {
    await walker.close();
  }
};

const walkCases = async (walker: Walker, folder: string, totals: Totals): Promise<void> => {
  for (const { name, plan } of readCases(folder)) {
    const { result } = await walker.walk({ patches: [], plan });
    count(totals, result);
    if (result.violation !== undefined) console.log(`case ${name}: ${result.violation}`);
  }
};

const walkSeeds = async (
  walker: Walker,
  casesFolder: string,
  { walks, seed, scenario, trace, keep }: Arguments,
  totals: Totals,
): Promise<void> => {
  const scenarios = scenario === undefined ? Object.keys(SCENARIOS) : [scenario];
  const random = new SeededRandom(seed);
  for (let walk = 0; walk < walks; walk += 1) {
    const task = {
      patches: [],
      scenario: scenarios[walk % scenarios.length] ?? '',
      seed: random.integer(0, 2 ** 31),
    };
    const walked = await walker.walk(task);
    const { result } = walked;
    count(totals, result);
    if (result.violation === undefined) continue;
    console.log(`${task.scenario} ${task.seed}: ${result.violation}`);
    if (keep) await keepShrunk(walker, casesFolder, walked);
    if (trace) await printTrace(walker, walked);
  }
};

const keepShrunk = async (
  walker: Walker,
  folder: string,
  { plan, result }: Walked,
): Promise<void> => {
  if (plan === undefined || result.violation === undefined) return;
  const kind = kindOf(result.violation);
  const shrunk = await shrink(plan, async (smaller) => {
    const { violation } = (await walker.walk({ patches: [], plan: smaller })).result;
    return violation !== undefined && kindOf(violation) === kind;
  });
  const { violation = result.violation } = (await walker.walk({ patches: [], plan: shrunk }))
    .result;
  const name = `${plan.scenario}-${plan.seed}`;
  console.log(`  kept as ${keepCase(folder, { name, wrong: violation, plan: shrunk })}`);
};

/** What is wrong, whoever it happens to. */
const kindOf = (violation: string): string =>
  violation.replace(/[a-z]*\d+(x\d+)?/g, '*').slice(0, 60);

const printTrace = async (walker: Walker, { plan }: Walked): Promise<void> => {
  if (plan === undefined) return;
  const { result, trace = [] } = await walker.walk({ patches: [], plan, wantsTrace: true });
  console.log([...trace, result.violation].map((line) => `  ${line}`).join('\n'));
};

const count = (
  totals: Totals,
  { acknowledged, edits, steps, violation }: Walked['result'],
): void => {
  totals.walks += 1;
  totals.steps += steps;
  totals.acknowledged += acknowledged;
  if (violation !== undefined) totals.violations += 1;
  for (const [kind, times] of Object.entries(edits)) {
    totals.edits.set(kind, (totals.edits.get(kind) ?? 0) + times);
  }
};

const listed = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([kind, times]) => `${times} ${kind}`).join(', ');
