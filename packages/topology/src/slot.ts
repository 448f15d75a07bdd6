import { murmur3 } from './murmur3.ts';

/** Number of hash slots. Permanent: changing it would move every document. */
export const SLOT_COUNT = 1024;

const encoder = new TextEncoder();

/** Keys are at most 512 bytes; whatever is longer is hashed as well, in a buffer of its own. */
const SCRATCH_BYTES = 512;
const scratch = new Uint8Array(SCRATCH_BYTES);

/**
 * The slot of a slot key: MurmurHash3 x86 32-bit, seed 0, of its UTF-8 bytes, modulo 1,024, whatever
 * the collection. Pure, total over strings, permanent (test vectors beside this file).
 */
export const slotOf = (slotKey: string): number => {
  const { length } = slotKey;
  if (length > SCRATCH_BYTES) return slotOfBytes(encoder.encode(slotKey));
  for (let i = 0; i < length; i += 1) {
    const code = slotKey.charCodeAt(i);
    // Ids are mostly ASCII, where a character is its byte; an encoder costs more than the hash.
    if (code > 0x7f) return slotOfBytes(encoder.encode(slotKey));
    scratch[i] = code;
  }
  return slotOfBytes(scratch, length);
};

const slotOfBytes = (bytes: Uint8Array, length = bytes.length): number =>
  murmur3(bytes, 0, length) % SLOT_COUNT;
