import type { Fence, OperationRecord, StoredDocument } from '@marquee/slot-protocol';
import { COLLECTIONS } from '@marquee/topology';
import type { ClusterServer } from '../cluster-double/cluster-server.ts';

/** A document as the walks' operations write it. */
export interface SeenDocument extends StoredDocument {
  /** Names of the operations that changed it, in order. */
  readonly by: readonly string[];
  readonly liked?: boolean;
  readonly likeCount?: number;
  readonly movieId?: string;
}

/** Everything that one cluster holds of one slot. */
export interface SlotContent {
  readonly fence: Fence | undefined;
  /** By `collection/id`. */
  readonly documents: ReadonlyMap<string, SeenDocument>;
  readonly records: readonly OperationRecord[];
}

export const slotContent = (server: ClusterServer, slot: number): SlotContent => {
  const documents = new Map<string, SeenDocument>();
  for (const collection of COLLECTIONS) {
    for (const document of server.allDocuments(collection)) {
      if (document.slot !== slot) continue;
      documents.set(`${collection}/${document._id}`, document as SeenDocument);
    }
  }
  return {
    fence: server.allFences().find((fence) => fence.slot === slot),
    documents,
    records: server.allRecords().filter((record) => record.slot === slot),
  };
};

/** The same content is the same text. */
export const textOf = ({ fence, documents, records }: SlotContent): string => {
  const byKey = [...documents].sort(([left], [right]) => (left < right ? -1 : 1));
  const bySequence = [...records].sort((left, right) => left.sequence - right.sequence);
  const { epoch, sequence, purgedThrough, refuseIdsBefore } = fence ?? {};
  return JSON.stringify({ epoch, sequence, purgedThrough, refuseIdsBefore, byKey, bySequence });
};
