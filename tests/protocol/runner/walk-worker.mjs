// A thread that walks: one task at a time, over the product with the task's patches in it. What runs
// in circles without ever waiting can be ended only from outside, together with its thread.

import { parentPort } from 'node:worker_threads';
import { loadProduct } from './product.mjs';

// Traces of stacks cost more than the walks themselves; a walk that failed is repeated with them.
const STACK_LINES = Error.stackTraceLimit;

let loaded;

const walkWith = (patches) => {
  const key = JSON.stringify(patches);
  if (loaded?.key !== key) {
    const load = loadProduct(patches);
    loaded = {
      key,
      runWalk: load('tests/protocol/walk/run-walk.ts').runWalk,
      makePlan: load('tests/protocol/walk/make-plan.ts').makePlan,
    };
  }
  return loaded;
};

const walk = async ({ patches, plan, scenario, seed, wantsTrace }) => {
  Error.stackTraceLimit = wantsTrace ? STACK_LINES : 0;
  const { makePlan, runWalk } = walkWith(patches);
  const walked = plan ?? makePlan(scenario, seed);
  const trace = wantsTrace ? [] : undefined;
  return { plan: walked, result: await runWalk(walked, trace), trace };
};

parentPort.on('message', async (task) => {
  try {
    parentPort.postMessage(await walk(task));
  } catch (error) {
    parentPort.postMessage({ error: { code: error.code, message: error.stack } });
  }
});
