import type { CollectionName } from '@marquee/topology';
import type { Document, Filter } from 'mongodb';
import type { Deadline } from './deadline.ts';
import type { Fence, FenceChange, FenceMatch } from './fence.ts';
import type { FenceDigest } from './fence-digest.ts';
import type { OperationRecord } from './operation-record.ts';
import type { StoredDocument } from './stored-document.ts';

/** A change of one fence, made only if it matches. */
export interface FenceEdit {
  readonly slot: number;
  readonly match: FenceMatch;
  readonly change: FenceChange;
}

/** One page of documents of a collection, in order. */
export interface PageRequest {
  readonly filter: Filter<StoredDocument>;
  readonly sort: readonly (readonly [field: string, direction: 1 | -1])[];
  readonly limit: number;
  readonly projection?: Document;
}

/** How many documents have this value in a field; null for those without one. */
export interface ValueCount {
  readonly value: unknown;
  readonly count: number;
}

/** A document that a rejoining cluster held and the owner did not. */
export interface RejectedDocument {
  readonly collection: CollectionName | 'records';
  readonly slot: number;
  readonly edit: number;
  readonly document: Document;
}

/** What tells two copies of a document apart. */
export type DocumentInBrief = Pick<StoredDocument, '_id' | 'version' | 'revision' | 'deleted'>;

/**
 * The statements of one transaction at one cluster: snapshot read concern, `w: majority`. They run one
 * after the other, never at once. Any of them may fail with an error of the driver, which the work
 * must let through: the transaction is then run again or given up.
 */
export interface ClusterTransaction {
  /** In no particular order; slots without a fence are left out. */
  fences(slots: readonly number[]): Promise<Fence[]>;
  /** Changes the fence if it matches and answers what it was before; null if it did not match. */
  changeFence(edit: FenceEdit): Promise<Fence | null>;
  /** Changes those that match and answers how many did. */
  changeFences(edits: readonly FenceEdit[]): Promise<number>;

  /** Records with `after < sequence <= through`, ascending. */
  records(
    slot: number,
    range: { after: number; through: number; limit?: number },
  ): Promise<OperationRecord[]>;
  /** Records of these operations in these slots, in no particular order. */
  recordsOf(slots: readonly number[], operationIds: readonly string[]): Promise<OperationRecord[]>;
  insertRecords(records: readonly OperationRecord[]): Promise<void>;
  /** Deletes records with `after < sequence <= through`. */
  deleteRecords(slot: number, range: { after: number; through: number }): Promise<void>;
  deleteRecordsOf(slot: number, sequences: readonly number[]): Promise<void>;

  /** In no particular order, tombstones included; absent ones are left out. */
  documents(collection: CollectionName, ids: readonly string[]): Promise<StoredDocument[]>;
  /** Documents of the slot with `after < _id`, ascending by id (in the order of UTF-8 bytes). */
  documentsOfSlot(
    slot: number,
    collection: CollectionName,
    page: { after?: string; through?: string; limit?: number },
  ): Promise<StoredDocument[]>;
  /** All documents of several slots, in no particular order of the slots; of each slot by id. */
  documentsOfSlots(slots: readonly number[], collection: CollectionName): Promise<StoredDocument[]>;
  /** Those of one slot without their contents: which documents the slot has, in which version. */
  briefsOfSlot(slot: number, collection: CollectionName): Promise<DocumentInBrief[]>;
  /**
   * Writes whole documents, whether they were there or not. Those in `absent` are known not to be, which
   * costs less; if one is there nevertheless, MongoDB refuses it as a duplicate key.
   */
  replaceDocuments(
    collection: CollectionName,
    documents: readonly StoredDocument[],
    absent?: ReadonlySet<string>,
  ): Promise<void>;
  deleteDocuments(collection: CollectionName, ids: readonly string[]): Promise<void>;
  keepRejected(documents: readonly RejectedDocument[]): Promise<void>;
}

/**
 * One data cluster, as the protocol and the router use it: the narrow interface behind which there is
 * a MongoDB deployment, or in a simulation a double.
 *
 * Rejections: CLUSTER_UNREACHABLE (see cluster-unreachable.ts) when there was no answer, whatever has
 * or has not happened; DEADLINE_EXCEEDED; anything else is an error of the driver.
 */
export interface DataCluster {
  readonly name: string;
  /**
   * Runs `work` in a transaction and commits it; runs it again after a conflict, and commits again
   * while a commit's outcome is unknown, all until the deadline. What `work` itself throws aborts the
   * transaction and is passed on. After a rejection with CLUSTER_UNREACHABLE or DEADLINE_EXCEEDED the
   * transaction may have been committed.
   */
  transaction<T>(
    work: (transaction: ClusterTransaction) => Promise<T>,
    deadline: Deadline,
  ): Promise<T>;

  // Reads outside of transactions: read concern majority, at the deployment's primary.
  fences(slots: readonly number[] | 'all', deadline: Deadline): Promise<Fence[]>;
  /** What all fences come to, as `digestOf` would add them up. */
  fenceDigest(deadline: Deadline): Promise<FenceDigest>;
  documents(
    collection: CollectionName,
    ids: readonly string[],
    options: { deadline: Deadline; projection?: Document },
  ): Promise<StoredDocument[]>;
  page(
    collection: CollectionName,
    request: PageRequest,
    deadline: Deadline,
  ): Promise<StoredDocument[]>;
  count(
    collection: CollectionName,
    filter: Filter<StoredDocument>,
    deadline: Deadline,
  ): Promise<number>;
  /** By the whole value of a top-level field, an array as it is; in no particular order. */
  countBy(
    collection: CollectionName,
    request: { readonly field: string; readonly filter: Filter<StoredDocument> },
    deadline: Deadline,
  ): Promise<ValueCount[]>;
  ping(deadline: Deadline): Promise<void>;
  /** What the cluster says of itself: its deployment, and its name there; null where nobody has told it. */
  stamp(deadline: Deadline): Promise<{ deployment: string; cluster: string } | null>;

  /** Creates collections and indexes that are missing, and waits for their builds. Can be repeated. */
  ensureIndexes(deadline: Deadline): Promise<void>;
  /**
   * The declared indexes that are not there, or not built to the end, for people to read; none means
   * that code which relies on them may use the cluster.
   */
  missingIndexes(deadline: Deadline): Promise<string[]>;
  /** Creates the fences that are missing, and leaves those that exist as they are. Can be repeated. */
  createFences(fences: readonly Fence[], deadline: Deadline): Promise<void>;
  close(): Promise<void>;
}
