const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

const scramble = (block: number): number => {
  const mixed = Math.imul(block, C1);
  return Math.imul((mixed << 15) | (mixed >>> 17), C2);
};

/**
 * MurmurHash3 x86 32-bit (Austin Appleby, public domain: `MurmurHash3_x86_32`) of the first `length`
 * bytes, as an unsigned integer. Part of the permanent placement of data: never change what it answers.
 */
export const murmur3 = (bytes: Uint8Array, seed = 0, length = bytes.length): number => {
  let hash = seed | 0;
  const blocksEnd = length & ~3;
  for (let i = 0; i < blocksEnd; i += 4) {
    const block =
      (bytes[i] ?? 0) |
      ((bytes[i + 1] ?? 0) << 8) |
      ((bytes[i + 2] ?? 0) << 16) |
      ((bytes[i + 3] ?? 0) << 24);
    hash ^= scramble(block);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = length - 1; i >= blocksEnd; i--) tail = (tail << 8) | (bytes[i] ?? 0);
  if (blocksEnd < length) hash ^= scramble(tail);
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};
