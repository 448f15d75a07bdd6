import type { SlotOperation, SlotTransaction } from '@marquee/slot-protocol';
import type { CollectionName } from '@marquee/topology';
import type { OperationResult, SentOperation, WorkloadKind } from './messages.ts';

/** What documents of the workloads hold, by what is done with them. */
interface Content {
  readonly by?: readonly string[];
  readonly value?: number;
  readonly liked?: boolean;
  readonly likeCount?: number;
  readonly deleted: boolean;
}

type Perform = (slot: SlotTransaction, operation: SentOperation) => Promise<OperationResult>;

const find = async (
  slot: SlotTransaction,
  collection: CollectionName,
  id: string,
): Promise<Content | null> => (await slot.find(collection, id)) as Content | null;

const add: Perform = async (slot, { target, name }) => {
  if ((await find(slot, 'movies', target)) !== null) {
    // Its name is in the id: it was done before, and its record did not tell.
    throw new TypeError(`${target} is there already`);
  }
  slot.put('movies', { _id: target, by: [name] });
  return { effective: true };
};

const append: Perform = async (slot, { target, name }) => {
  const by = [...((await find(slot, 'movies', target))?.by ?? []), name];
  slot.put('movies', { _id: target, by });
  return { effective: true, position: by.length };
};

const count: Perform = async (slot, { target }) => {
  const value = ((await find(slot, 'movies', target))?.value ?? 0) + 1;
  slot.put('movies', { _id: target, value });
  return { effective: true, position: value };
};

/** Sets the value that is one higher, if it still is what the sender has read. */
const set =
  (expected: number): Perform =>
  async (slot, { target, name }) => {
    const before = await find(slot, 'movies', target);
    const value = before?.value ?? 0;
    if (value !== expected) return { effective: false, position: value };
    slot.put('movies', { _id: target, value: value + 1, by: [...(before?.by ?? []), name] });
    return { effective: true, position: value };
  };

const react: Perform = async (slot, { target, handle, kind, name }) => {
  const id = `${target}:${handle ?? ''}`;
  const before = await find(slot, 'user_interactions', id);
  const liked = kind === 'like';
  if ((before?.liked ?? false) === liked) return { effective: false };
  const likeCount =
    ((await find(slot, 'user_interactions', target))?.likeCount ?? 0) + (liked ? 1 : -1);
  slot.put('user_interactions', { _id: id, liked, by: [...(before?.by ?? []), name] });
  slot.put('user_interactions', { _id: target, likeCount });
  return { effective: true };
};

const remove: Perform = async (slot, { target, name }) => {
  const before = await find(slot, 'movies', target);
  if (before === null) throw new TypeError(`${target} is not there`);
  slot.put('movies', { _id: target, by: [...(before.by ?? []), name], deleted: true });
  return { effective: true };
};

const performerOf = (kind: WorkloadKind, expected: number): Perform => {
  switch (kind) {
    case 'add':
      return add;
    case 'append':
      return append;
    case 'count':
      return count;
    case 'set':
      return set(expected);
    case 'like':
    case 'unlike':
      return react;
    case 'remove':
      return remove;
  }
};

/** The operation as the router takes it. `expected` is what `set` has read. */
export const toSlotOperation = (
  operation: SentOperation,
  operationId: string,
  expected: number,
): SlotOperation<OperationResult> => ({
  slotKey: operation.target,
  operationId,
  requestHash: operation.name,
  prefetch: [{ collection: 'movies', id: operation.target }],
  apply: (slot) => performerOf(operation.kind, expected)(slot, operation),
});
