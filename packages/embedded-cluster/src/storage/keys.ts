/**
 * One ordered key space holds everything. The first byte names the kind, so that each kind is one range:
 *
 *   C <database> 00 <collection>           catalog entry
 *   D <collection id> <record id>          document, raw BSON
 *   I <index id> <values> [<record id>]    index entry, its value is the record id
 *   M <name>                               facts about the cluster itself
 *   R <session id>                         what a session's last retryable write or transaction answered
 *   X <index id>                           what was learnt about an index's entries (multikey, shortened)
 */
export const KIND = {
  catalog: 0x43,
  document: 0x44,
  index: 0x49,
  meta: 0x4d,
  retry: 0x52,
  indexFacts: 0x58,
} as const;

export const RECORD_ID_BYTES = 6;

/** LMDB's own limit for 4 KiB pages; MongoDB has none, so longer index values are shortened (index-keys.ts). */
export const KEY_MAX_BYTES = 1978;

const prefixed = (kind: number, id: number, extraBytes: number): Buffer => {
  const key = Buffer.allocUnsafe(5 + extraBytes);
  key[0] = kind;
  key.writeUInt32BE(id, 1);
  return key;
};

export const collectionPrefix = (collectionId: number): Buffer =>
  prefixed(KIND.document, collectionId, 0);

export const documentKey = (collectionId: number, recordId: number): Buffer => {
  const key = prefixed(KIND.document, collectionId, RECORD_ID_BYTES);
  key.writeUIntBE(recordId, 5, RECORD_ID_BYTES);
  return key;
};

export const recordIdOfDocumentKey = (key: Buffer): number => key.readUIntBE(5, RECORD_ID_BYTES);

export const indexPrefix = (indexId: number): Buffer => prefixed(KIND.index, indexId, 0);

export const indexFactsKey = (indexId: number): Buffer => prefixed(KIND.indexFacts, indexId, 0);

export const ownerIdOf = (key: Buffer): number => key.readUInt32BE(1);

export const encodeRecordId = (recordId: number): Buffer => {
  const bytes = Buffer.allocUnsafe(RECORD_ID_BYTES);
  bytes.writeUIntBE(recordId, 0, RECORD_ID_BYTES);
  return bytes;
};

export const decodeRecordId = (bytes: Buffer): number => bytes.readUIntBE(0, RECORD_ID_BYTES);

export const catalogKey = (database: string, collection: string): Buffer =>
  Buffer.concat([Buffer.of(KIND.catalog), Buffer.from(`${database}\0${collection}`)]);

export const retryKey = (sessionId: Buffer): Buffer =>
  Buffer.concat([Buffer.of(KIND.retry), sessionId]);

export const metaKey = (name: string): Buffer =>
  Buffer.concat([Buffer.of(KIND.meta), Buffer.from(name)]);

/** The first key that sorts after every key beginning with `prefix`. */
export const afterPrefix = (prefix: Buffer): Buffer => {
  for (let last = prefix.length - 1; last >= 0; last--) {
    const byte = prefix[last] ?? 0;
    if (byte < 0xff) {
      const end = Buffer.from(prefix.subarray(0, last + 1));
      end[last] = byte + 1;
      return end;
    }
  }
  return Buffer.of(0xff, 0xff);
};
