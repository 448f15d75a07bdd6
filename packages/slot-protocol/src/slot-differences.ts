import type { CollectionName } from '@marquee/topology';
import type { ClusterTransaction, RejectedDocument } from './data-cluster.ts';
import { storedAlike } from './mongo/stored-forms.ts';
import type { OperationRecord } from './operation-record.ts';
import type { StoredDocument } from './stored-document.ts';

export interface DifferenceRule {
  readonly slot: number;
  readonly edit: number;
  /** What is replaced or deleted is kept for people to look at. */
  readonly keepRejected: boolean;
}

/** All documents of the collection with `after < _id`, up to `through` or the end. */
export interface DocumentRange {
  readonly collection: CollectionName;
  readonly after?: string;
  readonly through?: string;
  readonly documents: readonly StoredDocument[];
}

export interface RecordRange {
  readonly after: number;
  readonly through: number;
  readonly records: readonly OperationRecord[];
}

export interface Differences {
  readonly written: number;
  readonly rejected: number;
}

/** Makes the target's documents of the range those that are given. */
export const writeDocumentDifferences = async (
  transaction: ClusterTransaction,
  { slot, edit, keepRejected }: DifferenceRule,
  { collection, after, through, documents }: DocumentRange,
): Promise<Differences> => {
  const existing = await transaction.documentsOfSlot(slot, collection, {
    ...(after === undefined ? {} : { after }),
    ...(through === undefined ? {} : { through }),
  });
  const wanted = new Map(documents.map((document) => [document._id, document]));
  const held = new Map(existing.map((document) => [document._id, document]));
  const differing = documents.filter((document) => {
    const mine = held.get(document._id);
    return mine === undefined || !storedAlike(mine, document);
  });
  const rejected = existing.filter((mine) => {
    const document = wanted.get(mine._id);
    return document === undefined || !storedAlike(mine, document);
  });
  const absent = new Set(differing.map(({ _id }) => _id).filter((id) => !held.has(id)));
  // Of the same id, but under another slot: replaced as well.
  for (const elsewhere of await transaction.documents(collection, [...absent])) {
    rejected.push(elsewhere);
    absent.delete(elsewhere._id);
  }
  if (keepRejected) {
    await transaction.keepRejected(
      rejected.map((document) => ({ collection, slot, edit, document })),
    );
  }
  await transaction.replaceDocuments(collection, differing, absent);
  const strangers = existing.filter(({ _id }) => !wanted.has(_id)).map(({ _id }) => _id);
  await transaction.deleteDocuments(collection, strangers);
  return { written: differing.length, rejected: rejected.length };
};

/** Makes the target's records of the range those that are given. */
export const writeRecordDifferences = async (
  transaction: ClusterTransaction,
  { slot, edit, keepRejected }: DifferenceRule,
  { after, through, records }: RecordRange,
): Promise<Differences> => {
  const existing = await transaction.records(slot, { after, through });
  const wanted = new Map(records.map((record) => [record.sequence, record]));
  const strangers = existing.filter((mine) => {
    const record = wanted.get(mine.sequence);
    return record === undefined || !storedAlike(mine, record);
  });
  const kept = new Set(existing.filter((mine) => !strangers.includes(mine)).map(numberOf));
  // A left-over record of the same operation under another number would break the unique index.
  const operationIds = records.map(({ operationId }) => operationId);
  const sameOperations =
    operationIds.length === 0 ? [] : await transaction.recordsOf([slot], operationIds);
  const elsewhere = sameOperations.filter(
    (mine) => wanted.get(mine.sequence)?.operationId !== mine.operationId,
  );
  const rejected = new Map([...strangers, ...elsewhere].map((record) => [record.sequence, record]));
  if (keepRejected) {
    await transaction.keepRejected(
      [...rejected.values()].map((record): RejectedDocument => ({
        collection: 'records',
        slot,
        edit,
        document: record,
      })),
    );
  }
  await transaction.deleteRecordsOf(slot, [...rejected.keys()]);
  const missing = records.filter(({ sequence }) => !kept.has(sequence));
  await transaction.insertRecords(missing);
  return { written: missing.length, rejected: rejected.size };
};

const numberOf = ({ sequence }: OperationRecord): number => sequence;
