/** Slots; a collision only costs a decoding. */
const SIZE = 1024;
const LENGTH_MAX = 32;

/**
 * Field names that were read before. The same few names stand in nearly every document, and a string
 * that is already there also carries its hash for the Map that it goes into.
 */
export class NameCache {
  readonly #names: (string | undefined)[] = new Array<string | undefined>(SIZE);

  /** The ASCII name in `bytes[start, end)`, or undefined if it must be decoded. */
  read(bytes: Uint8Array, start: number, end: number): string | undefined {
    const length = end - start;
    if (length > LENGTH_MAX) return undefined;
    let hash = length;
    for (let position = start; position < end; position += 1) {
      hash = (Math.imul(hash, 31) + (bytes[position] ?? 0)) | 0;
    }
    const slot = (hash ^ (hash >>> 15)) & (SIZE - 1);
    const name = this.#names[slot];
    if (name?.length === length && isEqual(name, bytes, start)) return name;
    return this.#remember(slot, bytes, start, end);
  }

  #remember(slot: number, bytes: Uint8Array, start: number, end: number): string | undefined {
    let name = '';
    for (let position = start; position < end; position += 1) {
      const byte = bytes[position] ?? 0x80;
      if (byte >= 0x80) return undefined;
      name += String.fromCharCode(byte);
    }
    this.#names[slot] = name;
    return name;
  }
}

function isEqual(name: string, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < name.length; index += 1) {
    if (name.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
