import {
  type DocumentInBrief,
  ClusterUnreachable,
  digestOf,
  type ClusterTransaction,
  type DataCluster,
  type Deadline,
  type Fence,
  type FenceChange,
  type FenceDigest,
  type FenceEdit,
  type FenceMatch,
  type OperationRecord,
  type PageRequest,
  type StoredDocument,
} from '@marquee/slot-protocol';
import type { Document } from 'mongodb';
import { COLLECTIONS, type CollectionName } from '@marquee/topology';

/** What a test may do to a cluster, and what it may look at. */
export interface MemoryClusterContents {
  readonly fences: Map<number, Fence>;
  readonly records: Map<number, OperationRecord[]>;
  readonly documents: ReadonlyMap<CollectionName, Map<string, StoredDocument>>;
  readonly rejected: Map<number, RejectedDocument>;
}

type RejectedDocument = Parameters<ClusterTransaction['keepRejected']>[0][number];

/**
 * A data cluster in memory: its transactions run one after the other, so that each is atomic and
 * none meets a conflict. `onCall` is told before each call; what it throws is what the caller gets.
 */
export class MemoryCluster implements DataCluster {
  readonly name: string;
  readonly contents: MemoryClusterContents = {
    fences: new Map(),
    records: new Map(),
    documents: new Map(COLLECTIONS.map((name) => [name, new Map()])),
    rejected: new Map(),
  };
  down = false;
  /** Indexes that are not there. */
  lacking: string[] = [];
  /** What a build waits for, or fails with. */
  onBuild: () => Promise<void> = () => Promise.resolve();
  onCall: (cluster: string) => void = () => undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string) {
    this.name = name;
  }

  transaction<T>(
    work: (transaction: ClusterTransaction) => Promise<T>,
    _deadline: Deadline,
  ): Promise<T> {
    const ran = this.#last.then(() => this.#run(work));
    this.#last = ran.catch(() => undefined);
    return ran;
  }

  async fences(slots: readonly number[] | 'all'): Promise<Fence[]> {
    this.#answer();
    const all = [...this.contents.fences.values()];
    return slots === 'all' ? all : all.filter(({ slot }) => slots.includes(slot));
  }

  async fenceDigest(): Promise<FenceDigest> {
    return digestOf(await this.fences('all'));
  }

  async ping(): Promise<void> {
    this.#answer();
  }

  async stamp(): Promise<null> {
    this.#answer();
    return null;
  }

  async ensureIndexes(): Promise<void> {
    this.#answer();
    await this.onBuild();
    this.lacking = [];
  }

  async missingIndexes(): Promise<string[]> {
    this.#answer();
    return this.lacking;
  }

  async createFences(fences: readonly Fence[]): Promise<void> {
    this.#answer();
    for (const fence of fences) {
      if (!this.contents.fences.has(fence.slot)) this.contents.fences.set(fence.slot, fence);
    }
  }

  documents(): never {
    throw new Error('not needed by the NameNode');
  }

  /** Knows two filters: documents of some slots, and of none of some. */
  async page(collection: CollectionName, request: PageRequest): Promise<StoredDocument[]> {
    this.#answer();
    const { $in, $nin } = request.filter.slot as Partial<Record<'$in' | '$nin', number[]>>;
    const [wanted, unwanted] = [$in && new Set($in), new Set($nin)];
    const all = this.contents.documents.get(collection)?.values() ?? [];
    return [...all]
      .filter(({ slot }) => (wanted?.has(slot) ?? true) && !unwanted.has(slot))
      .slice(0, request.limit);
  }

  /** Knows one filter: documents of one slot. */
  async count(collection: CollectionName, filter: Document): Promise<number> {
    this.#answer();
    const all = this.contents.documents.get(collection)?.values() ?? [];
    return [...all].filter(({ slot }) => slot === filter.slot).length;
  }

  countBy(): Promise<never> {
    throw new TypeError('nobody counts by value here');
  }

  async close(): Promise<void> {}

  async #run<T>(work: (transaction: ClusterTransaction) => Promise<T>): Promise<T> {
    this.#answer();
    const undo: (() => void)[] = [];
    try {
      return await work(new MemoryTransaction(this.contents, undo));
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    }
  }

  #answer(): void {
    if (this.down) throw new ClusterUnreachable(this.name);
    this.onCall(this.name);
  }
}

class MemoryTransaction implements ClusterTransaction {
  readonly #contents: MemoryClusterContents;
  readonly #undo: (() => void)[];

  constructor(contents: MemoryClusterContents, undo: (() => void)[]) {
    this.#contents = contents;
    this.#undo = undo;
  }

  async fences(slots: readonly number[]): Promise<Fence[]> {
    return slots.flatMap((slot) => this.#contents.fences.get(slot) ?? []);
  }

  async changeFence({ slot, match, change }: FenceEdit): Promise<Fence | null> {
    const before = this.#contents.fences.get(slot);
    if (before === undefined || !matches(before, match)) return null;
    this.#set(this.#contents.fences, slot, changed(before, change));
    return before;
  }

  async changeFences(edits: readonly FenceEdit[]): Promise<number> {
    let count = 0;
    for (const edit of edits) if ((await this.changeFence(edit)) !== null) count += 1;
    return count;
  }

  async records(
    slot: number,
    { after, through, limit }: { after: number; through: number; limit?: number },
  ): Promise<OperationRecord[]> {
    const found = this.#recordsOf(slot)
      .filter(({ sequence }) => sequence > after && sequence <= through)
      .sort((left, right) => left.sequence - right.sequence);
    return found.slice(0, limit);
  }

  async recordsOf(
    slots: readonly number[],
    operationIds: readonly string[],
  ): Promise<OperationRecord[]> {
    return slots
      .flatMap((slot) => this.#recordsOf(slot))
      .filter(({ operationId }) => operationIds.includes(operationId));
  }

  async insertRecords(records: readonly OperationRecord[]): Promise<void> {
    for (const record of records) {
      const known = this.#recordsOf(record.slot);
      const double = known.find(
        ({ sequence, operationId }) =>
          sequence === record.sequence || operationId === record.operationId,
      );
      if (double !== undefined) throw new Error(`a record of ${record.operationId} twice`);
      this.#set(this.#contents.records, record.slot, [...known, record]);
    }
  }

  async deleteRecords(
    slot: number,
    { after, through }: { after: number; through: number },
  ): Promise<void> {
    this.#keepRecords(slot, ({ sequence }) => sequence <= after || sequence > through);
  }

  async deleteRecordsOf(slot: number, sequences: readonly number[]): Promise<void> {
    this.#keepRecords(slot, ({ sequence }) => !sequences.includes(sequence));
  }

  async documents(collection: CollectionName, ids: readonly string[]): Promise<StoredDocument[]> {
    return ids.flatMap((id) => this.#collection(collection).get(id) ?? []);
  }

  async documentsOfSlot(
    slot: number,
    collection: CollectionName,
    { after, through, limit }: { after?: string; through?: string; limit?: number },
  ): Promise<StoredDocument[]> {
    const found = [...this.#collection(collection).values()]
      .filter((document) => document.slot === slot)
      .filter(({ _id }) => after === undefined || _id > after)
      .filter(({ _id }) => through === undefined || _id <= through)
      .sort((left, right) => (left._id < right._id ? -1 : 1));
    return found.slice(0, limit);
  }

  async documentsOfSlots(
    slots: readonly number[],
    collection: CollectionName,
  ): Promise<StoredDocument[]> {
    const found = slots.map((slot) => this.documentsOfSlot(slot, collection, {}));
    return (await Promise.all(found)).flat();
  }

  async briefsOfSlot(slot: number, collection: CollectionName): Promise<DocumentInBrief[]> {
    return this.documentsOfSlot(slot, collection, {});
  }

  async replaceDocuments(
    collection: CollectionName,
    documents: readonly StoredDocument[],
  ): Promise<void> {
    for (const document of documents) {
      this.#set(this.#collection(collection), document._id, document);
    }
  }

  async deleteDocuments(collection: CollectionName, ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#set(this.#collection(collection), id, undefined);
  }

  async keepRejected(documents: readonly RejectedDocument[]): Promise<void> {
    for (const document of documents) {
      this.#set(this.#contents.rejected, this.#contents.rejected.size, document);
    }
  }

  #collection(name: CollectionName): Map<string, StoredDocument> {
    const found = this.#contents.documents.get(name);
    if (found === undefined) throw new Error(`no collection ${name}`);
    return found;
  }

  #recordsOf(slot: number): readonly OperationRecord[] {
    return this.#contents.records.get(slot) ?? [];
  }

  #keepRecords(slot: number, test: (record: OperationRecord) => boolean): void {
    this.#set(this.#contents.records, slot, this.#recordsOf(slot).filter(test));
  }

  #set<Key, Value>(map: Map<Key, Value>, key: Key, value: Value | undefined): void {
    const before = map.get(key);
    this.#undo.push(() => {
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    });
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }
}

const matches = (fence: Fence, match: FenceMatch): boolean => {
  const states = typeof match.state === 'string' ? [match.state] : match.state;
  return (
    (states === undefined || states.includes(fence.state)) &&
    (match.edit === undefined || fence.edit === match.edit) &&
    (match.editAtMost === undefined || fence.edit <= match.editAtMost) &&
    (match.epoch === undefined || fence.epoch === match.epoch) &&
    (match.epochAtMost === undefined || fence.epoch <= match.epochAtMost) &&
    (match.sequence === undefined || fence.sequence === match.sequence) &&
    (match.lastTransaction === undefined || fence.lastTransaction === match.lastTransaction) &&
    (match.sequenceBelow === undefined || fence.sequence < match.sequenceBelow)
  );
};

const changed = (fence: Fence, { advanceBy, ...fields }: FenceChange): Fence => ({
  ...fence,
  ...fields,
  sequence: fields.sequence ?? fence.sequence + (advanceBy ?? 0),
});
