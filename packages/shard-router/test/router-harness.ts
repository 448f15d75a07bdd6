import { createShardRouter, type RoutingEntry, type ShardRouter } from '@marquee/shard-router';
import type { NewDocument, SlotOperation } from '@marquee/slot-protocol';
import { newOperationId, type FakeNameNode, type TestDeployment } from '@marquee/test-kit';
import { slotKeyOf, SlotTable, slotOf, type CollectionName } from '@marquee/topology';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

export const createTestRouter = (
  deployment: TestDeployment,
  nameNode: FakeNameNode = deployment.nameNode,
): ShardRouter =>
  createShardRouter({
    nameNodeClient: nameNode,
    addresses: deployment.addresses,
    logger: silent,
  });

export const putting = (
  collection: CollectionName,
  ...documents: NewDocument[]
): SlotOperation => ({
  slotKey: slotKeyOf(collection, documents[0]!._id),
  operationId: newOperationId(),
  requestHash: 'put',
  apply: async (slot) => {
    for (const document of documents) slot.put(collection, document);
    return {};
  },
});

export const load = async (
  router: ShardRouter,
  collection: CollectionName,
  documents: readonly NewDocument[],
): Promise<void> => {
  await router.writeMany(documents.map((document) => putting(collection, document)));
};

export const traced = () => {
  const entries: RoutingEntry[] = [];
  return { entries, trace: { record: (entry: RoutingEntry) => void entries.push(entry) } };
};

/** The n-th key that begins with `prefix` and whose slot belongs to `shard`. */
export const keyOf = (deployment: TestDeployment, shard: string, prefix: string, n = 0): string => {
  const slots = new Set(new SlotTable(deployment.map).slotsOf(shard));
  for (let i = 0, found = -1; ; i += 1) {
    const key = `${prefix}${i}`;
    if (slots.has(slotOf(key)) && ++found === n) return key;
  }
};
