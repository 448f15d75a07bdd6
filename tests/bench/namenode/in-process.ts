import { gzipSync } from 'node:zlib';
import { SlotTable, slotOf, SLOT_COUNT, type ShardMap } from '@marquee/topology';
import { planRebalance } from '../../../namenode-service/src/operations/rebalance-plan.ts';
import type { FoundedDirectory } from '../../../namenode-service/src/directory/directory-state.ts';
import type { Figure } from './figure.ts';

const LOOKUPS = 5_000_000;
const KEYS = 4_096;
const FLEET_SHARDS = 100;
const FLEET_REPLICAS = 2;
/** Slots of the fleet's map lie anywhere, as after many migrations: the map's worst case. */
const SCATTER_STEP = 37;

const fleetMap = (): ShardMap => ({
  deployment: 'b0c1a7e6-0000-4000-8000-000000000000',
  version: 123_456,
  shards: Array.from({ length: FLEET_SHARDS }, (_, shard) => ({
    name: `shard-${shard}`,
    owner: `owner-${shard}.cluster`,
    replicas: Array.from({ length: FLEET_REPLICAS }, (_replica, replica) => ({
      cluster: `replica-${shard}-${replica}.cluster`,
      readable: true,
      promotable: true,
    })),
    strongReadsOnly: false,
  })),
  slots: Array.from({ length: SLOT_COUNT }, (_, slot) => ({
    from: slot,
    to: slot,
    shard: `shard-${(slot * SCATTER_STEP) % FLEET_SHARDS}`,
    epoch: 100_000 + ((slot * 7919) % 20_000),
  })),
});

/** What the planner reads of a directory: who has which slot. */
const directoryOf = ({ shards, slots }: ShardMap): FoundedDirectory =>
  ({ shards, slots }) as unknown as FoundedDirectory;

/** Figures that need no network: look-ups, the size of a large map, the plan for a large fleet. */
export const inProcess = (): Figure[] => {
  const map = fleetMap();
  const table = new SlotTable(map);
  const keys = Array.from({ length: KEYS }, (_, i) => `tt${String(i * 7919).padStart(7, '0')}`);
  let epochs = 0;
  const look = (times: number): void => {
    for (let i = 0; i < times; i += 1) {
      epochs += table.placementOf(slotOf(keys[i % KEYS] ?? '')).epoch;
    }
  };
  look(LOOKUPS / 5);
  const startedAtMs = performance.now();
  look(LOOKUPS);
  const lookupsPerSecond = (LOOKUPS * 1000) / (performance.now() - startedAtMs);
  if (epochs <= 0) throw new Error('nothing was looked up');

  // All in the first two shards: as much to move as there can be.
  const crowded = {
    ...map,
    slots: map.slots.map((range) => ({ ...range, shard: `shard-${range.from % 2}` })),
  };
  const weights = map.slots.map(({ from }) => 1_000 + ((from * 7919) % 5_000));
  const planStartedAtMs = performance.now();
  const moves = planRebalance(directoryOf(crowded), weights);
  const planMs = performance.now() - planStartedAtMs;
  if (moves.length === 0) throw new Error('nothing was planned');
  return [
    { name: 'look-ups', value: lookupsPerSecond / 1e6, unit: 'M/s', atLeast: 5 },
    {
      name: `map of ${FLEET_SHARDS} shards`,
      value: gzipSync(JSON.stringify(map)).length / 1_000,
      unit: 'kB gzipped',
      atMost: 20,
    },
    { name: 'rebalance plan', value: planMs, unit: 'ms', atMost: 1_000 },
  ];
};
