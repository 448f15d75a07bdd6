import { randomBytes } from 'node:crypto';
import { slotKeyOf, type CollectionName } from '@marquee/topology';
import type { NewDocument, ShardRouter, SlotOperation } from '../data-layer.ts';
import { newOperationId } from '../operation-id.ts';

/** Writes documents through a router, each by an operation of its own, for tests on real clusters. */
export const loadDocuments = async (
  router: ShardRouter,
  documents: Partial<Readonly<Record<CollectionName, readonly NewDocument[]>>>,
): Promise<void> => {
  const operations = Object.entries(documents).flatMap(([name, all]) =>
    all.map((document): SlotOperation<{ done: boolean }> => {
      const collection = name as CollectionName;
      return {
        slotKey: slotKeyOf(collection, document._id),
        operationId: `test/${newOperationId({ now: Date.now, randomBytes })}`,
        requestHash: 'load',
        apply: async (slot) => {
          slot.put(collection, document);
          return { done: true };
        },
      };
    }),
  );
  for (const outcome of await router.writeMany(operations, { deadlineMs: 60_000 })) {
    if ('refusal' in outcome) throw outcome.refusal as Error;
  }
};
