import { murmur3 } from './murmur3.ts';

/** Number of hash slots. Permanent: changing it would move every document. */
export const SLOT_COUNT = 1024;

const encoder = new TextEncoder();

/**
 * The slot of a slot key: MurmurHash3 x86 32-bit, seed 0, of its UTF-8 bytes, modulo 1,024, whatever
 * the collection. Pure, total over strings, permanent (test vectors beside this file).
 */
export const slotOf = (slotKey: string): number => murmur3(encoder.encode(slotKey)) % SLOT_COUNT;
