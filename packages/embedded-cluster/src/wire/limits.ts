/** What `hello` tells clients; they split their batches by it. MongoDB's own numbers. */
export const MESSAGE_MAX_BYTES = 48_000_000;
export const DOCUMENT_MAX_BYTES = 16 * 1024 * 1024;
export const WRITE_BATCH_MAX = 100_000;

export const HEADER_BYTES = 16;

/** More than a driver's default pool of 100 for each of some twenty processes. */
export const CONNECTIONS_MAX = 2_500;

/** Messages that wait for their turn on one connection before its socket is read no further. */
export const QUEUED_MESSAGES_MAX = 64;

/** A reply is one batch of at most 16 MB of documents, and what is around them. */
export const BATCH_MAX_BYTES = 16 * 1024 * 1024;

/** MongoDB 7.0's: the newest that keeps drivers off the commands of 8.0. */
export const WIRE_VERSION_MAX = 21;
