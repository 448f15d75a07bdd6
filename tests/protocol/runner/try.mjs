import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoader } from './load-modules.mjs';
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const SETUP = {
  root,
  patches: [
    { file: 'packages/topology/src/slot.ts', find: 'SLOT_COUNT = 1024', replace: 'SLOT_COUNT = 4' },
  ],
  substitutes: {
    'packages/slot-protocol/src/mongo/mongo-data-cluster.ts':
      'tests/protocol/world/connected-double.ts',
  },
};
if (!process.argv[5]) Error.stackTraceLimit = 0;
const t0 = performance.now();
const load = createLoader(SETUP);
const { runWalk } = load('tests/protocol/walk/run-walk.ts');
const { makePlan } = load('tests/protocol/walk/make-plan.ts');
console.log('load', performance.now() - t0);
const [scenario = 'mixed', first = '1', count = '1', tracing] = process.argv.slice(2);
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const t = process.cpuUsage();
  const trace = tracing ? [] : undefined;
  const result = await runWalk(makePlan(scenario, seed), trace);
  if (trace) console.log(trace.join('\n'));
  console.log(seed, (process.cpuUsage(t).user / 1000).toFixed(0), JSON.stringify(result));
}
