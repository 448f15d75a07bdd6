import { CommandError } from '../command-error.ts';
import { decode, encodeForStorage } from '../documents/codec.ts';
import { describeDocument } from '../documents/describe-value.ts';
import { type Document, documentOf, type Value } from '../documents/value.ts';
import type { Collection, Index } from './catalog.ts';
import { type IndexKeys, indexKeysOf } from './index-keys.ts';
import { decodeRecordId, documentKey, encodeRecordId, indexFactsKey } from './keys.ts';
import { keyText } from './memtable.ts';
import type { WriteView } from './view.ts';

/*
 * The only places where documents change. Each claims everything that it will touch first, then checks,
 * then writes; nothing in between awaits, so outside of a transaction one call is one atomic step.
 */

/** A record as it was read, to be changed only if it still is. */
export interface StoredRecord {
  readonly recordId: number;
  readonly bytes: Buffer;
  readonly document: Document;
}

export const insertDocument = (
  view: WriteView,
  collection: Collection,
  document: Document,
  bytes: Buffer,
): number => {
  const recordId = collection.recordIds.next++;
  const plan = planIndexChanges(view, collection, recordId, undefined, document);
  claimAll(view, documentKey(collection.id, recordId), plan);
  assertUnique(view, collection, recordId, document, plan);
  view.put(documentKey(collection.id, recordId), bytes);
  writeIndexChanges(view, recordId, plan);
  return recordId;
};

export const replaceDocument = (
  view: WriteView,
  collection: Collection,
  record: StoredRecord,
  document: Document,
  bytes: Buffer = encodeForStorage(document) as Buffer,
): void => {
  const plan = planIndexChanges(view, collection, record.recordId, record.document, document);
  claimAll(view, documentKey(collection.id, record.recordId), plan);
  assertUnique(view, collection, record.recordId, document, plan);
  view.put(documentKey(collection.id, record.recordId), bytes);
  writeIndexChanges(view, record.recordId, plan);
};

export const removeDocument = (
  view: WriteView,
  collection: Collection,
  record: StoredRecord,
): void => {
  const plan = planIndexChanges(view, collection, record.recordId, record.document, undefined);
  claimAll(view, documentKey(collection.id, record.recordId), plan);
  view.remove(documentKey(collection.id, record.recordId));
  writeIndexChanges(view, record.recordId, plan);
};

export const readRecord = (
  view: WriteView,
  collection: Collection,
  recordId: number,
): StoredRecord | undefined => {
  const bytes = view.get(documentKey(collection.id, recordId));
  return bytes && { recordId, bytes, document: decode(bytes) };
};

interface IndexChange {
  readonly index: Index;
  readonly added: readonly Buffer[];
  readonly removed: readonly Buffer[];
}

const planIndexChanges = (
  view: WriteView,
  collection: Collection,
  recordId: number,
  before: Document | undefined,
  after: Document | undefined,
): IndexChange[] => {
  const changes: IndexChange[] = [];
  for (const index of collection.indexes) {
    const old = before ? indexKeysOf(index, before).keys : [];
    const now = after ? indexKeysOf(index, after) : undefined;
    if (now) learnFacts(view, collection, index, now);
    const added = now && old.length > 0 ? without(now.keys, old) : (now?.keys ?? []);
    const removed = now && old.length > 0 ? without(old, now.keys) : old;
    if (added.length === 0 && removed.length === 0) continue;
    changes.push({
      index,
      added: withRecord(index, added, recordId),
      removed: withRecord(index, removed, recordId),
    });
  }
  return changes;
};

const without = (keys: readonly Buffer[], others: readonly Buffer[]): Buffer[] => {
  const texts = new Set(others.map(keyText));
  return keys.filter((key) => !texts.has(keyText(key)));
};

/** In a unique index the values alone are the key, so that two documents with the same ones meet in it. */
const withRecord = (index: Index, keys: readonly Buffer[], recordId: number): readonly Buffer[] =>
  index.unique ? keys : keys.map((key) => Buffer.concat([key, encodeRecordId(recordId)]));

const claimAll = (view: WriteView, document: Buffer, changes: readonly IndexChange[]): void => {
  view.claim(document);
  for (const { index, added, removed } of changes) {
    if (!index.unique) continue;
    for (const key of added) view.claim(key);
    for (const key of removed) view.claim(key);
  }
};

const assertUnique = (
  view: WriteView,
  collection: Collection,
  recordId: number,
  document: Document,
  changes: readonly IndexChange[],
): void => {
  for (const { index, added } of changes) {
    if (!index.unique) continue;
    for (const key of added) {
      const holder = view.get(key);
      if (holder && decodeRecordId(holder) !== recordId)
        throw duplicateKey(collection, index, document);
    }
  }
};

const writeIndexChanges = (
  view: WriteView,
  recordId: number,
  changes: readonly IndexChange[],
): void => {
  const value = encodeRecordId(recordId);
  for (const { index, added, removed } of changes) {
    for (const key of removed) if (!index.building || holds(view, key, recordId)) view.remove(key);
    for (const key of added) view.put(key, value);
  }
};

/** While a unique index is being filled, a key may already stand for another document that has the same values. */
const holds = (view: WriteView, key: Buffer, recordId: number): boolean => {
  const holder = view.get(key);
  return holder !== undefined && decodeRecordId(holder) === recordId;
};

/** All writers share what is known, so it is stored for all of them, also where this one's change is undone. */
const learnFacts = (
  view: WriteView,
  collection: Collection,
  { id, facts }: Index,
  keys: IndexKeys,
): void => {
  const news =
    (keys.multikeyFields & ~facts.multikeyFields) !== 0 || (keys.shortened && !facts.shortened);
  if (!news && facts.stored) return;
  facts.multikeyFields = (facts.multikeyFields | keys.multikeyFields) >>> 0;
  facts.shortened ||= keys.shortened;
  facts.stored = true;
  const bytes = Buffer.allocUnsafe(5);
  bytes[0] = facts.shortened ? 1 : 0;
  bytes.writeUInt32BE(facts.multikeyFields, 1);
  view.putForAll(collection, indexFactsKey(id), bytes);
};

/** Makes the entries of a document that was there before the index. */
export const addToIndex = (
  view: WriteView,
  collection: Collection,
  index: Index,
  record: StoredRecord,
): void => {
  const found = indexKeysOf(index, record.document);
  learnFacts(view, collection, index, found);
  const added = withRecord(index, found.keys, record.recordId);
  if (index.unique) for (const key of added) view.claim(key);
  assertUnique(view, collection, record.recordId, record.document, [{ index, added, removed: [] }]);
  writeIndexChanges(view, record.recordId, [{ index, added, removed: [] }]);
};

export const duplicateKey = (
  collection: Collection,
  index: Index,
  document: Document,
): CommandError => {
  const keyValue: Document = new Map();
  for (const { path, parts } of index.fields) keyValue.set(path, firstAt(document, parts, 0));
  return new CommandError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${collection.namespace} index: ${index.name} dup key: ${describeDocument(keyValue)}`,
    { extra: documentOf({ keyPattern: index.key, keyValue }) },
  );
};

const firstAt = (value: Value, parts: readonly string[], depth: number): Value => {
  if (Array.isArray(value)) return value.length > 0 ? firstAt(value[0], parts, depth) : null;
  if (depth === parts.length) return value ?? null;
  return value instanceof Map ? firstAt(value.get(parts[depth] ?? ''), parts, depth + 1) : null;
};
