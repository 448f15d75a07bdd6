import {
  createClusterRegistry,
  Deadline,
  SlotWriter,
  systemClock,
  WRITE_LIMITS,
  type ClusterRegistry,
  type ProtocolLogger,
  type SlotOperation,
  type WriteLimits,
} from '@marquee/slot-protocol';
import { newOperationId, type FakeNameNode, type TestDeployment } from '@marquee/test-kit';
import { SlotTable, slotOf, type CollectionName } from '@marquee/topology';
import type { Document } from 'mongodb';

export const silent: ProtocolLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
};

export const soon = () => Deadline.after(20_000, systemClock);

/** A writer as one process has it, with its own connections. */
export const createTestWriter = (
  deployment: TestDeployment,
  limits: Partial<WriteLimits> = {},
  nameNode: FakeNameNode = deployment.nameNode,
): { writer: SlotWriter; clusters: ClusterRegistry } => {
  const clusters = createClusterRegistry({
    addresses: deployment.addresses,
    random: Math.random,
  });
  const writer = new SlotWriter({
    clusters,
    owners: {
      ownerOf: (slot) => nameNode.table()!.placementOf(slot).shard.owner,
      version: () => nameNode.table()!.map.version,
      onChange: (listener) => void nameNode.onChange(listener),
      refresh: () => nameNode.refresh(),
    },
    by: 'test',
    clock: systemClock,
    random: Math.random,
    logger: silent,
    limits: { ...WRITE_LIMITS, patienceMs: 200, ...limits },
  });
  return { writer, clusters };
};

/** Adds one to a counter in a film. */
export const increment = (id: string, more: Partial<SlotOperation> = {}): SlotOperation => ({
  slotKey: id,
  operationId: newOperationId(),
  requestHash: 'increment',
  prefetch: [{ collection: 'movies', id }],
  apply: async (slot) => {
    const film = await slot.find('movies', id);
    const count = Number(film?.count ?? 0) + 1;
    slot.put('movies', { _id: id, count });
    return { count };
  },
  ...more,
});

/** A key of the n-th slot of `shard`. */
export const keyOf = (deployment: TestDeployment, shard: string, n = 0): string => {
  const slot = new SlotTable(deployment.map).slotsOf(shard)[n];
  for (let i = 0; ; i += 1) {
    const key = `film-${i}`;
    if (slotOf(key) === slot) return key;
  }
};

export const stored = (
  deployment: TestDeployment,
  cluster: string,
  id: string,
  collection: CollectionName = 'movies',
): Promise<Document | null> =>
  deployment
    .mongo(cluster)
    .db('marquee')
    .collection<{ _id: string }>(collection)
    .findOne({ _id: id });

/** Fence and log of a slot, as the plain driver finds them. */
export const slotAt = async (deployment: TestDeployment, cluster: string, slot: number) => {
  const slots = deployment.mongo(cluster).db('marquee_slots');
  const fence = await slots.collection<{ _id: number }>('fences').findOne({ _id: slot });
  const records = await slots.collection('records').find({ slot }).sort({ _id: 1 }).toArray();
  return { fence: fence as Document, records };
};

export const changeFence = async (
  deployment: TestDeployment,
  cluster: string,
  slot: number,
  change: Document,
): Promise<void> => {
  await deployment
    .mongo(cluster)
    .db('marquee_slots')
    .collection<{ _id: number }>('fences')
    .updateOne({ _id: slot }, { $set: change }, { writeConcern: { w: 'majority' } });
};
