import { COLLECTIONS, type CollectionName } from '@marquee/topology';
import type { ClusterTransaction, DataCluster } from './data-cluster.ts';
import type { Deadline } from './deadline.ts';
import type { Fence } from './fence.ts';
import {
  writeDocumentDifferences,
  writeRecordDifferences,
  type Differences,
  type DocumentRange,
  type RecordRange,
} from './slot-differences.ts';

/** Documents and records in one piece: what MongoDB advises for one transaction, at most. */
export const COPY_PIECE_ITEMS_MAX = 1_000;

export interface CopyRequest {
  readonly slot: number;
  /** The owner. */
  readonly source: DataCluster;
  /** Its fence is `importing` under `edit`. */
  readonly target: DataCluster;
  readonly edit: number;
  /** The target once was an owner or follower: what only it has is kept for people to look at. */
  readonly keepRejected: boolean;
  readonly deadline: Deadline;
}

export interface CopyReport {
  readonly written: number;
  readonly rejected: number;
  /** The target is now at this number of the source, but for what came meanwhile: catch up next. */
  readonly sequence: number;
}

/**
 * Section 3 of the protocol: makes one slot of `target` a copy of the source's while writes go on there,
 * by writing every difference. What came meanwhile makes it a mixture, which the catch-up behind it
 * makes whole. Can be repeated from the beginning.
 *
 * Answers undefined if the source is not open or the target no longer imports under this edit: whoever
 * runs the operation has been overtaken, and what was written until then is of no consequence.
 */
export const copy = async (request: CopyRequest): Promise<CopyReport | undefined> => {
  const { slot, source, target, deadline } = request;
  const [start] = await source.fences([slot], deadline);
  if (start?.state !== 'open') return undefined;
  let written = 0;
  let rejected = 0;
  let position: Position | undefined = FIRST;
  while (position !== undefined) {
    const from: Position = position;
    const piece: Piece = await source.transaction(
      (transaction) => readPiece(transaction, slot, from),
      deadline,
    );
    const differences = await target.transaction(
      (transaction) => writePiece(transaction, request, start, piece),
      deadline,
    );
    if (differences === undefined) return undefined;
    written += differences.written;
    rejected += differences.rejected;
    position = piece.next;
  }
  return { written, rejected, sequence: start.sequence };
};

/** How far a copy has come: collection by collection in the order of ids, the records last. */
type Position =
  | { readonly part: CollectionName; readonly after?: string }
  | { readonly part: 'records'; readonly after: number };

const FIRST: Position = { part: COLLECTIONS[0] };

/** What the source has from one position to another. */
interface Piece {
  readonly documents: readonly DocumentRange[];
  readonly records?: RecordRange;
  readonly next: Position | undefined;
}

const readPiece = async (
  transaction: ClusterTransaction,
  slot: number,
  from: Position,
): Promise<Piece> => {
  const ranges: DocumentRange[] = [];
  let room = COPY_PIECE_ITEMS_MAX;
  let position: Position = from;
  while (position.part !== 'records') {
    const { part: collection, after } = position;
    const range = { collection, ...(after === undefined ? {} : { after }) };
    const page = { ...(after === undefined ? {} : { after }), limit: room };
    const documents = await transaction.documentsOfSlot(slot, collection, page);
    const last = documents.at(-1);
    if (documents.length === room && last !== undefined) {
      ranges.push({ ...range, through: last._id, documents });
      return { documents: ranges, next: { part: collection, after: last._id } };
    }
    ranges.push({ ...range, documents });
    room -= documents.length;
    position = partAfter(collection);
  }
  const { after } = position;
  const records = await transaction.records(slot, {
    after,
    through: Number.MAX_SAFE_INTEGER,
    limit: room,
  });
  const last = records.at(-1);
  const isEnd = records.length < room || last === undefined;
  const through = isEnd ? Number.MAX_SAFE_INTEGER : last.sequence;
  return {
    documents: ranges,
    records: { after, through, records },
    next: isEnd ? undefined : { part: 'records', after: last.sequence },
  };
};

const partAfter = (collection: CollectionName): Position => {
  const next = COLLECTIONS[COLLECTIONS.indexOf(collection) + 1];
  return next === undefined ? { part: 'records', after: -1 } : { part: next };
};

/** Undefined if the target no longer imports under this edit. */
const writePiece = async (
  transaction: ClusterTransaction,
  request: CopyRequest,
  start: Fence,
  piece: Piece,
): Promise<Differences | undefined> => {
  const { slot, edit } = request;
  const isLast = piece.next === undefined;
  const changed = await transaction.changeFence({
    slot,
    match: { state: 'importing', edit },
    // Until the last piece the number means nothing; it is changed so that whoever takes the fence away
    // conflicts with this transaction.
    change: isLast
      ? {
          sequence: start.sequence,
          lastTransaction: start.lastTransaction,
          epoch: start.epoch,
          purgedThrough: start.purgedThrough,
          refuseIdsBefore: start.refuseIdsBefore,
        }
      : { advanceBy: 1 },
  });
  if (changed === null) return undefined;
  let written = 0;
  let rejected = 0;
  for (const range of piece.documents) {
    const differences = await writeDocumentDifferences(transaction, request, range);
    written += differences.written;
    rejected += differences.rejected;
  }
  if (piece.records !== undefined) {
    const differences = await writeRecordDifferences(transaction, request, piece.records);
    written += differences.written;
    rejected += differences.rejected;
  }
  if (isLast) {
    // What the source got meanwhile is for the catch-up, which inserts it.
    const beyond = { after: start.sequence, through: Number.MAX_SAFE_INTEGER };
    await transaction.deleteRecords(slot, beyond);
    await transaction.deleteRecords(slot, { after: -1, through: start.purgedThrough });
  }
  return { written, rejected };
};
