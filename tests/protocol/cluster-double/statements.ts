import type {
  DocumentInBrief,
  ClusterTransaction,
  Fence,
  FenceEdit,
  OperationRecord,
  StoredDocument,
} from '@marquee/slot-protocol';
import type { CollectionName } from '@marquee/topology';
import { byUtf8 } from './by-utf8.ts';
import { changedFence, fenceMatches } from './fence-match.ts';
import { fenceKey, operationIdKey, recordKey, type ClusterTables } from './cluster-tables.ts';
import { frozenCopy } from './frozen-copy.ts';
import type { OpenTransaction } from './open-transaction.ts';
import { ServerError } from './server-errors.ts';

/** What the server does for each statement of a transaction: the interface, without the network. */
export type Statements = {
  readonly [Name in keyof ClusterTransaction]: (
    ...args: Parameters<ClusterTransaction[Name]>
  ) => Awaited<ReturnType<ClusterTransaction[Name]>>;
};

type Range = Parameters<ClusterTransaction['records']>[1];
type Page = Parameters<ClusterTransaction['documentsOfSlot']>[2];

export class TransactionStatements implements Statements {
  readonly #transaction: OpenTransaction;
  readonly #tables: ClusterTables;
  readonly #newRejectedKey: () => string;

  constructor(transaction: OpenTransaction, tables: ClusterTables, newRejectedKey: () => string) {
    this.#transaction = transaction;
    this.#tables = tables;
    this.#newRejectedKey = newRejectedKey;
  }

  fences(slots: readonly number[]): Fence[] {
    return [...new Set(slots)].flatMap((slot) => this.#fence(slot) ?? []);
  }

  changeFence({ slot, match, change }: FenceEdit): Fence | null {
    const fence = this.#fence(slot);
    if (fence === undefined || !fenceMatches(fence, match)) return null;
    const changed = frozenCopy(changedFence(fence, change));
    this.#transaction.write(this.#tables.fences, fenceKey(slot), changed);
    return fence;
  }

  changeFences(edits: readonly FenceEdit[]): number {
    return edits.filter((edit) => this.changeFence(edit) !== null).length;
  }

  records(slot: number, { after, through, limit }: Range): OperationRecord[] {
    return this.#transaction
      .all(this.#tables.records)
      .filter((record) => record.slot === slot)
      .filter(({ sequence }) => sequence > after && sequence <= through)
      .sort((left, right) => left.sequence - right.sequence)
      .slice(0, limit);
  }

  recordsOf(slots: readonly number[], operationIds: readonly string[]): OperationRecord[] {
    const { operationIds: index, records } = this.#tables;
    return [...new Set(slots)].flatMap((slot) =>
      [...new Set(operationIds)].flatMap((operationId) => {
        const sequence = this.#transaction.read(index, operationIdKey(slot, operationId));
        if (sequence === undefined) return [];
        return this.#transaction.read(records, recordKey(slot, sequence)) ?? [];
      }),
    );
  }

  insertRecords(inserted: readonly OperationRecord[]): void {
    const { operationIds, records } = this.#tables;
    for (const record of inserted) {
      const { slot, sequence, operationId } = record;
      this.#insert(records, recordKey(slot, sequence), frozenCopy(record));
      this.#insert(operationIds, operationIdKey(slot, operationId), sequence);
    }
  }

  deleteRecords(slot: number, { after, through }: { after: number; through: number }): void {
    const found = this.records(slot, { after, through });
    this.deleteRecordsOf(
      slot,
      found.map(({ sequence }) => sequence),
    );
  }

  deleteRecordsOf(slot: number, sequences: readonly number[]): void {
    const { operationIds, records } = this.#tables;
    for (const sequence of sequences) {
      const record = this.#transaction.read(records, recordKey(slot, sequence));
      if (record === undefined) continue;
      this.#transaction.write(records, recordKey(slot, sequence), undefined);
      this.#transaction.write(operationIds, operationIdKey(slot, record.operationId), undefined);
    }
  }

  documents(collection: CollectionName, ids: readonly string[]): StoredDocument[] {
    const table = this.#tables.documents[collection];
    return [...new Set(ids)].flatMap((id) => this.#transaction.read(table, id) ?? []);
  }

  documentsOfSlot(
    slot: number,
    collection: CollectionName,
    { after, through, limit }: Page,
  ): StoredDocument[] {
    return this.#transaction
      .all(this.#tables.documents[collection])
      .filter((document) => document.slot === slot)
      .filter(({ _id }) => after === undefined || byUtf8(_id, after) > 0)
      .filter(({ _id }) => through === undefined || byUtf8(_id, through) <= 0)
      .sort((left, right) => byUtf8(left._id, right._id))
      .slice(0, limit);
  }

  documentsOfSlots(slots: readonly number[], collection: CollectionName): StoredDocument[] {
    return slots.flatMap((slot) => this.documentsOfSlot(slot, collection, {}));
  }

  briefsOfSlot(slot: number, collection: CollectionName): DocumentInBrief[] {
    return this.documentsOfSlot(slot, collection, {}).map(
      ({ _id, version, revision, deleted }): DocumentInBrief => ({
        _id,
        version,
        revision,
        deleted,
      }),
    );
  }

  replaceDocuments(
    collection: CollectionName,
    documents: readonly StoredDocument[],
    absent?: ReadonlySet<string>,
  ): void {
    const table = this.#tables.documents[collection];
    for (const document of documents) {
      const { _id } = document;
      if (absent?.has(_id) === true) this.#insert(table, _id, frozenCopy(document));
      else this.#transaction.write(table, _id, frozenCopy(document));
    }
  }

  deleteDocuments(collection: CollectionName, ids: readonly string[]): void {
    const table = this.#tables.documents[collection];
    for (const id of ids) {
      if (this.#transaction.read(table, id) === undefined) continue;
      this.#transaction.write(table, id, undefined);
    }
  }

  keepRejected(documents: Parameters<ClusterTransaction['keepRejected']>[0]): void {
    for (const document of documents) {
      const key = this.#newRejectedKey();
      this.#transaction.write(this.#tables.rejected, key, frozenCopy(document));
    }
  }

  #fence(slot: number): Fence | undefined {
    return this.#transaction.read(this.#tables.fences, fenceKey(slot));
  }

  #insert<Value>(table: Parameters<OpenTransaction['read']>[0], key: string, value: Value): void {
    if (this.#transaction.read(table, key) !== undefined) {
      throw new ServerError('duplicate-key', key);
    }
    this.#transaction.write(table, key, value);
  }
}
