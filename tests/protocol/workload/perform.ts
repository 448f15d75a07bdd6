import { MarqueeError } from '@marquee/errors';
import {
  purgeOperation,
  type NewDocument,
  type SlotOperation,
  type SlotTransaction,
} from '@marquee/slot-protocol';
import type { CollectionName } from '@marquee/topology';
import type { Document } from 'mongodb';
import type { PlannedOperation } from './planned-operation.ts';

/** What an operation answers: whether it changed anything, and where it left its name. */
export interface OperationResult extends Record<string, unknown> {
  readonly effective: boolean;
  /** `collection/id` of each document that it changed. */
  readonly touched: readonly string[];
  /** How many operations had changed the first of them, this one included. */
  readonly position: number;
  /** Of a deletion: there is a tombstone now, whoever left it. */
  readonly isDeleted?: boolean;
}

/** The operation as the router takes it. */
export const toSlotOperation = (operation: PlannedOperation): SlotOperation<Document> => {
  const { handle, kind, target, requestHash, idsBefore = '' } = operation;
  const operationId = `${handle ?? 'admin'}/${operation.operationId}`;
  if (kind === 'purge') return purgeOperation({ slotKey: target, operationId, idsBefore });
  return {
    slotKey: target,
    operationId,
    requestHash,
    prefetch: [{ collection: 'movies', id: target }],
    apply: (slot) => PERFORM[kind](slot, operation),
  };
};

type Perform = (slot: SlotTransaction, operation: PlannedOperation) => Promise<OperationResult>;

const UNCHANGED: OperationResult = { effective: false, touched: [], position: 0 };

interface Content {
  readonly by: readonly string[];
  readonly deleted: boolean;
  readonly liked?: boolean;
  readonly likeCount?: number;
}

const contentOf = async (
  slot: SlotTransaction,
  collection: CollectionName,
  id: string,
): Promise<Content | null> => (await slot.find(collection, id)) as Content | null;

const put = (
  slot: SlotTransaction,
  collection: CollectionName,
  id: string,
  {
    before,
    operation,
    ...fields
  }: { before: Content | null; operation: PlannedOperation } & Omit<NewDocument, '_id'>,
): string => {
  const by = [...(before?.by ?? []), operation.name];
  slot.put(collection, { _id: id, deleted: before?.deleted ?? false, ...fields, by });
  return `${collection}/${id}`;
};

const append: Perform = async (slot, operation) => {
  const { target } = operation;
  const before = await contentOf(slot, 'movies', target);
  if (before === null) throw notFound(target);
  const touched = [put(slot, 'movies', target, { before, operation })];
  return { effective: true, touched, position: before.by.length + 1 };
};

const notFound = (id: string): MarqueeError =>
  new MarqueeError('NOT_FOUND', { collection: 'movies', id });

const react: Perform = async (slot, operation) => {
  const { target, handle, kind } = operation;
  const film = await contentOf(slot, 'movies', target);
  if (film === null || film.deleted) throw notFound(target);
  const id = `${target}:${handle}`;
  const before = await contentOf(slot, 'user_interactions', id);
  const liked = kind === 'like';
  if ((before?.liked ?? false) === liked) return UNCHANGED;
  const summary = await contentOf(slot, 'user_interactions', target);
  const likeCount = (summary?.likeCount ?? 0) + (liked ? 1 : -1);
  const touched = [
    put(slot, 'user_interactions', id, { before, operation, liked, movieId: target }),
    put(slot, 'user_interactions', target, { before: summary, operation, likeCount }),
  ];
  return { effective: true, touched, position: (before?.by.length ?? 0) + 1 };
};

const create: Perform = async (slot, operation) => {
  const { target } = operation;
  const before = await contentOf(slot, 'movies', target);
  if (before !== null) return UNCHANGED;
  const touched = [put(slot, 'movies', target, { before, operation })];
  return { effective: true, touched, position: 1 };
};

const remove: Perform = async (slot, operation) => {
  const { target } = operation;
  const before = await contentOf(slot, 'movies', target);
  if (before === null) return UNCHANGED;
  if (before.deleted) return { ...UNCHANGED, isDeleted: true };
  const touched = [put(slot, 'movies', target, { before, operation, deleted: true })];
  return { effective: true, touched, position: before.by.length + 1, isDeleted: true };
};

const PERFORM: Readonly<Record<Exclude<PlannedOperation['kind'], 'purge'>, Perform>> = {
  append,
  like: react,
  unlike: react,
  create,
  delete: remove,
};
