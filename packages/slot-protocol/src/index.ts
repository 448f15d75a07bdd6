export { catchUp, CATCH_UP_RECORDS_MAX, isForked, type CatchUpResult } from './catch-up.ts';
export { createClusterRegistry, type ClusterRegistry } from './cluster-registry.ts';
export { ClusterUnreachable, isClusterUnreachable } from './cluster-unreachable.ts';
export { sleep, systemClock, type Clock } from './clock.ts';
export { copy, type CopyReport, type CopyRequest } from './copy.ts';
export { createFences, type NewFences } from './create-fences.ts';
export type {
  ClusterTransaction,
  DataCluster,
  DocumentInBrief,
  FenceEdit,
  PageRequest,
  RejectedDocument,
  ValueCount,
} from './data-cluster.ts';
export type { DataPlaneEvent, Observe } from './data-plane-event.ts';
export { Deadline } from './deadline.ts';
export { digestOf, type FenceDigest } from './fence-digest.ts';
export { PROTOCOL_VERSION } from './fence.ts';
export type { Fence, FenceChange, FenceMatch, FenceState } from './fence.ts';
export { DOMAIN_INDEXES } from './indexes.ts';
export { mendFollower, MEND_ITEMS_MAX, type MendResult } from './mend-follower.ts';
export { keepConnecting } from './mongo/keep-connecting.ts';
export { MongoDataCluster } from './mongo/mongo-data-cluster.ts';
export {
  CONNECTION_LIMITS,
  openClient,
  type ClusterAddress,
  type ConnectionLimits,
} from './mongo/open-client.ts';
export { checkOperationId, uuidOf, uuidV7 } from './operation-id.ts';
export type { DocumentRef, OperationRecord } from './operation-record.ts';
export type { OwnerDirectory } from './owner-directory.ts';
export type { OperationOutcome } from './owner-transaction.ts';
export type { ProtocolLogger } from './protocol-logger.ts';
export { purgeOperation, type PurgeResult } from './purge-slot.ts';
export type { SlotMaintenance } from './slot-maintenance.ts';
export type { SlotOperation, SlotTransaction } from './slot-operation.ts';
export { DOCUMENT_MAX_BYTES } from './size-limits.ts';
export { strongRead, type StrongReadRequest } from './strong-read.ts';
export { SlotWriter, type SlotWriterOptions } from './slot-writer.ts';
export type { DocumentVersion, NewDocument, StoredDocument } from './stored-document.ts';
export {
  DEPLOYMENT,
  FENCES,
  MAIN_DATABASE,
  RECORDS,
  REJECTED,
  SLOTS_DATABASE,
} from './stored-names.ts';
export { WRITE_LIMITS, type WriteLimits } from './write-limits.ts';
