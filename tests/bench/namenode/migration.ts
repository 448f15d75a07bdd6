import { setTimeout as delay } from 'node:timers/promises';
import type { ShardRouter } from '@marquee/shard-router';
import type { SlotOperation } from '@marquee/slot-protocol';
import { newOperationId } from '@marquee/test-kit';
import { slotOf } from '@marquee/topology';
import type { Operator } from '../../load/operator.ts';
import type { Figure } from './figure.ts';

const SLOTS = 64;
const DOCUMENTS = 20_000;
const WRITERS = 8;
const PAUSE_MS = 5;
const PLOT = 'Somebody wants something and has to go through a lot to get it. '.repeat(6);

const putting = (_id: string, turn: number): SlotOperation => ({
  slotKey: _id,
  operationId: newOperationId('bench'),
  requestHash: `put ${turn}`,
  prefetch: [{ collection: 'movies', id: _id }],
  apply: async (slot) => {
    slot.put('movies', { _id, title: `Title of ${_id}`, turn, plot: PLOT });
    return {};
  },
});

/** Moves filled slots from one shard to another while their documents are written. */
export const migration = async (router: ShardRouter, operator: Operator): Promise<Figure[]> => {
  const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
  const ids: string[] = [];
  for (let i = 0; ids.length < DOCUMENTS; i += 1) {
    const id = `bench-${i}`;
    if (slotOf(id) < SLOTS) ids.push(id);
  }
  const loaded = await router.writeMany(ids.map((id) => putting(id, 0)));
  const refused = loaded.find((outcome) => 'refusal' in outcome);
  if (refused !== undefined) throw new Error('the documents could not be loaded');

  const stalls: number[] = [];
  let errors = 0;
  let stopped = false;
  const writing = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let turn = 1; !stopped; turn += 1) {
      const id = ids[(turn * WRITERS + writer) % ids.length] ?? '';
      const startedAtMs = performance.now();
      try {
        await router.write(putting(id, turn));
        stalls.push(performance.now() - startedAtMs);
      } catch {
        errors += 1;
      }
      await delay(PAUSE_MS);
    }
  });
  const startedAtMs = performance.now();
  const { steps, endedAtMs } = await operator.order({ kind: 'migrate', to: 'b', slots });
  const tookMs = performance.now() - startedAtMs;
  for (const [index, { atMs, what }] of steps.entries()) {
    const untilMs = steps[index + 1]?.atMs ?? endedAtMs ?? atMs;
    console.log(`    ${what}: ${untilMs - atMs} ms`);
  }
  stopped = true;
  await Promise.all(writing);
  return [
    {
      name: 'migration',
      value: (DOCUMENTS * 1_000) / tookMs,
      unit: 'documents/s, lease wait included',
      atLeast: 2_000,
    },
    { name: 'longest write meanwhile', value: Math.max(...stalls), unit: 'ms', atMost: 500 },
    { name: 'client errors', value: errors, unit: 'in all', atMost: 0 },
  ];
};
