import type { CollectionName } from '@marquee/topology';
import type { AnyBulkWriteOperation, ClientSession, Collection } from 'mongodb';
import type {
  ClusterTransaction,
  DocumentInBrief,
  FenceEdit,
  RejectedDocument,
} from '../data-cluster.ts';
import { PROTOCOL_VERSION, type Fence } from '../fence.ts';
import type { OperationRecord } from '../operation-record.ts';
import type { StoredDocument } from '../stored-document.ts';
import type { ClusterCollections } from './cluster-collections.ts';
import { oneOf } from './one-of.ts';
import {
  fenceFilter,
  fenceUpdate,
  fromRecord,
  toFence,
  toRecord,
  type FenceDocument,
  type RecordDocument,
} from './stored-forms.ts';

const NONE: ReadonlySet<string> = new Set();

/** The statements of a transaction, over the official driver. */
export class MongoTransaction implements ClusterTransaction {
  readonly #session: ClientSession;
  readonly #collections: ClusterCollections;

  constructor(session: ClientSession, collections: ClusterCollections) {
    this.#session = session;
    this.#collections = collections;
  }

  async fences(slots: readonly number[]): Promise<Fence[]> {
    const found = await this.#collections.fences
      .find({ _id: oneOf(slots) }, this.#options)
      .toArray();
    return found.map(toFence);
  }

  async changeFence({ slot, match, change }: FenceEdit): Promise<Fence | null> {
    const before = await this.#collections.fences.findOneAndUpdate(
      fenceFilter([slot], match),
      fenceUpdate(change),
      { ...this.#options, returnDocument: 'before' },
    );
    return before === null ? null : toFence(before);
  }

  async changeFences(edits: readonly FenceEdit[]): Promise<number> {
    if (edits.length === 0) return 0;
    // One statement for all slots of which the same is asked: it is planned once.
    const alike = new Map<string, { edit: FenceEdit; slots: number[] }>();
    for (const edit of edits) {
      const key = JSON.stringify([edit.match, edit.change]);
      const group = alike.get(key) ?? { edit, slots: [] };
      group.slots.push(edit.slot);
      alike.set(key, group);
    }
    const statements = [...alike.values()].map(
      ({ edit: { match, change }, slots }): AnyBulkWriteOperation<FenceDocument> => ({
        updateMany: {
          filter: { ...fenceFilter(slots, match), protocol: PROTOCOL_VERSION },
          update: fenceUpdate(change),
        },
      }),
    );
    const { matchedCount } = await this.#collections.fences.bulkWrite(statements, this.#options);
    return matchedCount;
  }

  async records(
    slot: number,
    { after, through, limit }: { after: number; through: number; limit?: number },
  ): Promise<OperationRecord[]> {
    const found = await this.#collections.records
      .find(recordRange(slot, after, through), this.#options)
      .sort({ _id: 1 })
      .limit(limit ?? 0)
      .toArray();
    return found.map(toRecord);
  }

  async recordsOf(
    slots: readonly number[],
    operationIds: readonly string[],
  ): Promise<OperationRecord[]> {
    const found = await this.#collections.records
      .find({ slot: oneOf(slots), operationId: oneOf(operationIds) }, this.#options)
      .toArray();
    return found.map(toRecord);
  }

  async insertRecords(records: readonly OperationRecord[]): Promise<void> {
    if (records.length === 0) return;
    await this.#collections.records.insertMany(records.map(fromRecord), this.#options);
  }

  async deleteRecords(
    slot: number,
    { after, through }: { after: number; through: number },
  ): Promise<void> {
    await this.#collections.records.deleteMany(recordRange(slot, after, through), this.#options);
  }

  async deleteRecordsOf(slot: number, sequences: readonly number[]): Promise<void> {
    if (sequences.length === 0) return;
    const ids = sequences.map((sequence) => ({ slot, sequence }));
    await this.#collections.records.deleteMany({ _id: { $in: ids } }, this.#options);
  }

  async documents(collection: CollectionName, ids: readonly string[]): Promise<StoredDocument[]> {
    if (ids.length === 0) return [];
    return this.#documents(collection)
      .find({ _id: oneOf(ids) }, this.#options)
      .toArray();
  }

  async documentsOfSlot(
    slot: number,
    collection: CollectionName,
    { after, through, limit }: { after?: string; through?: string; limit?: number },
  ): Promise<StoredDocument[]> {
    const range = {
      ...(after === undefined ? {} : { $gt: after }),
      ...(through === undefined ? {} : { $lte: through }),
    };
    return this.#documents(collection)
      .find({ slot, ...(Object.keys(range).length === 0 ? {} : { _id: range }) }, this.#options)
      .sort({ slot: 1, _id: 1 })
      .limit(limit ?? 0)
      .toArray();
  }

  async documentsOfSlots(
    slots: readonly number[],
    collection: CollectionName,
  ): Promise<StoredDocument[]> {
    return this.#documents(collection)
      .find({ slot: oneOf(slots) }, this.#options)
      .sort({ slot: 1, _id: 1 })
      .toArray();
  }

  async briefsOfSlot(slot: number, collection: CollectionName): Promise<DocumentInBrief[]> {
    const projection = { version: 1, revision: 1, deleted: 1 };
    return this.#documents(collection)
      .find<DocumentInBrief>({ slot }, { ...this.#options, projection })
      .sort({ slot: 1, _id: 1 })
      .toArray();
  }

  async replaceDocuments(
    collection: CollectionName,
    documents: readonly StoredDocument[],
    absent: ReadonlySet<string> = NONE,
  ): Promise<void> {
    const fresh = documents.filter(({ _id }) => absent.has(_id));
    const statements = documents
      .filter(({ _id }) => !absent.has(_id))
      .map((replacement): AnyBulkWriteOperation<StoredDocument> => ({
        replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true },
      }));
    const target = this.#documents(collection);
    if (fresh.length > 0) await target.insertMany(fresh, this.#options);
    if (statements.length > 0) await target.bulkWrite(statements, this.#options);
  }

  async deleteDocuments(collection: CollectionName, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#documents(collection).deleteMany({ _id: oneOf(ids) }, this.#options);
  }

  async keepRejected(documents: readonly RejectedDocument[]): Promise<void> {
    if (documents.length === 0) return;
    await this.#collections.rejected.insertMany([...documents], this.#options);
  }

  get #options(): { session: ClientSession } {
    return { session: this.#session };
  }

  #documents(collection: CollectionName): Collection<StoredDocument> {
    return this.#collections.documents[collection];
  }
}

// Sub-documents compare field by field, so a range of numbers of one slot is a range of ids.
const recordRange = (slot: number, after: number, through: number) => ({
  _id: { $gt: { slot, sequence: after }, $lte: { slot, sequence: through } } satisfies Partial<
    Record<'$gt' | '$lte', RecordDocument['_id']>
  >,
});
