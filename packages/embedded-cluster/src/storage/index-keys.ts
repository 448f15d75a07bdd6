import { createHash } from 'node:crypto';
import { CommandError } from '../command-error.ts';
import { describeValue } from '../documents/describe-value.ts';
import { encodeIndexKey, invert } from '../documents/index-key.ts';
import { isArrayIndex } from '../documents/path.ts';
import { type Document, isDocument, type Value } from '../documents/value.ts';
import type { Index } from './catalog.ts';
import { indexPrefix, KEY_MAX_BYTES, RECORD_ID_BYTES } from './keys.ts';
import { keyText } from './memtable.ts';

const INDEX_PREFIX_BYTES = 5;
const HASH_BYTES = 20;

/** What one field of an index may take of LMDB's key. */
export const fieldMaxBytes = (index: Index): number =>
  Math.floor((KEY_MAX_BYTES - INDEX_PREFIX_BYTES - RECORD_ID_BYTES) / index.fields.length);

/** Of a component that is too long, the bytes that are the value's own; the rest is a hash. */
export const fieldKeptBytes = (index: Index): number => fieldMaxBytes(index) - HASH_BYTES;

export interface IndexKeys {
  /** Without the record id that follows in an index that is not unique. */
  readonly keys: readonly Buffer[];
  /** A bit for each field of the index whose values came out of an array. */
  readonly multikeyFields: number;
  /** Some value was cut. */
  readonly shortened: boolean;
}

const NONE: IndexKeys = { keys: [], multikeyFields: 0, shortened: false };

/** The entries that `index` has for `document`, as MongoDB's key generator makes them. */
export const indexKeysOf = (index: Index, document: Document): IndexKeys => {
  if (index.covers && !index.covers(document)) return NONE;
  const generator = new KeyGenerator(index);
  generator.expand(
    index.fields.map(({ parts }) => ({ value: document, parts, depth: 0, done: false })),
  );
  if (index.sparse && !generator.present) return NONE;
  return {
    keys: [...generator.keys.values()],
    multikeyFields: generator.multikeyFields,
    shortened: generator.shortened,
  };
};

/** A value as one component of a key; too long a one keeps its beginning and ends in a hash of all of it. */
export const encodeField = (
  value: Value,
  direction: 1 | -1,
  maxBytes: number,
): { bytes: Uint8Array; shortened: boolean } => {
  const whole = encodeIndexKey(value);
  const shortened = whole.length > maxBytes;
  const bytes = shortened
    ? Buffer.concat([
        whole.subarray(0, maxBytes - HASH_BYTES),
        createHash('sha1').update(whole).digest(),
      ])
    : whole;
  return { bytes: direction === 1 ? bytes : invert(bytes), shortened };
};

/** How far one field's path has been followed: `value` is what `parts` up to `depth` lead to. */
interface Walk {
  readonly value: Value;
  readonly parts: readonly string[];
  readonly depth: number;
  /** Not to be opened any further: an array inside the array that was opened is indexed as it is. */
  readonly done: boolean;
}

class KeyGenerator {
  readonly keys = new Map<string, Buffer>();
  /** Some field of the index is in the document. */
  present = false;
  multikeyFields = 0;
  shortened = false;
  readonly #index: Index;
  readonly #maxBytes: number;

  constructor(index: Index) {
    this.#index = index;
    this.#maxBytes = fieldMaxBytes(index);
  }

  /** Follows all paths to their end or to the first array, then goes on once for each of its elements. */
  expand(walks: readonly Walk[]): void {
    const reached = walks.map(follow);
    let arrayPath: string | undefined;
    for (const walk of reached) {
      if (walk.done || !Array.isArray(walk.value)) continue;
      const path = walk.parts.slice(0, walk.depth).join('.');
      if (arrayPath !== undefined && arrayPath !== path)
        throw this.#parallelArrays(arrayPath, path);
      arrayPath = path;
    }
    if (arrayPath === undefined) {
      this.#emit(reached);
      return;
    }
    const opened = reached.map(
      (walk) =>
        !walk.done &&
        Array.isArray(walk.value) &&
        walk.parts.slice(0, walk.depth).join('.') === arrayPath,
    );
    opened.forEach((isOpened, field) => {
      if (isOpened) this.multikeyFields |= 1 << field;
    });
    const array = (reached[opened.indexOf(true)] as Walk).value as Value[];
    if (array.length === 0) {
      this.expand(reached.map((walk, field) => (opened[field] ? emptyArray(walk) : walk)));
    }
    for (const element of array) {
      this.expand(
        reached.map((walk, field) => (opened[field] ? intoElement(walk, element) : walk)),
      );
    }
  }

  #emit(walks: readonly Walk[]): void {
    const parts: Uint8Array[] = [indexPrefix(this.#index.id)];
    walks.forEach((walk, field) => {
      const missing = walk.value === undefined && !walk.done;
      if (!missing) this.present = true;
      // Missing is indexed as null; an empty array as the `undefined` that no value is equal to.
      const value = missing ? null : walk.value;
      const direction = this.#index.fields[field]?.direction ?? 1;
      const encoded = encodeField(value, direction, this.#maxBytes);
      this.shortened ||= encoded.shortened;
      parts.push(encoded.bytes);
    });
    const key = Buffer.concat(parts);
    this.keys.set(keyText(key), key);
  }

  #parallelArrays(one: string, other: string): CommandError {
    const last = (path: string): string => path.split('.').at(-1) ?? path;
    return new CommandError(
      'CannotIndexParallelArrays',
      `cannot index parallel arrays [${last(other)}] [${last(one)}]`,
    );
  }
}

/** Through documents, and through array elements that a number in the path names, as far as that leads. */
const follow = (walk: Walk): Walk => {
  let { value, depth } = walk;
  if (walk.done) return walk;
  while (depth < walk.parts.length) {
    const name = walk.parts[depth] ?? '';
    if (isDocument(value)) {
      value = value.get(name);
      depth++;
    } else if (Array.isArray(value) && isArrayIndex(name) && isPosition(value, name)) {
      value = value[Number(name)];
      depth++;
    } else {
      break;
    }
  }
  if (depth < walk.parts.length && !Array.isArray(value)) {
    return { value: undefined, parts: walk.parts, depth: walk.parts.length, done: false };
  }
  return { value, parts: walk.parts, depth, done: false };
};

/**
 * A number in a path can also be the name of a field in the array's documents. Where it could be both,
 * MongoDB refuses the document, for a filter would ask about both and the index knows one.
 */
const isPosition = (array: readonly Value[], name: string): boolean => {
  const isField = array.some((element) => isDocument(element) && element.has(name));
  if (Number(name) >= array.length) return !isField;
  if (!isField) return true;
  throw new CommandError(
    16746,
    `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${name}' for array: ${describeValue([...array])}`,
  );
};

const emptyArray = (walk: Walk): Walk => {
  const atEnd = walk.depth === walk.parts.length;
  return { value: undefined, parts: walk.parts, depth: walk.parts.length, done: atEnd };
};

const intoElement = (walk: Walk, element: Value): Walk =>
  walk.depth === walk.parts.length
    ? { value: element, parts: walk.parts, depth: walk.depth, done: true }
    : Array.isArray(element) && !isArrayIndex(walk.parts[walk.depth] ?? '')
      ? { value: undefined, parts: walk.parts, depth: walk.parts.length, done: false }
      : { value: element, parts: walk.parts, depth: walk.depth, done: false };
