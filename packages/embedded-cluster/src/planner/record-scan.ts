import type { Collection } from '../storage/catalog.ts';
import { decodeRecordId, documentKey, recordIdOfDocumentKey } from '../storage/keys.ts';
import type { ReadView } from '../storage/view.ts';
import type { KeyRange } from './bounds.ts';
import type { Plan } from './plan.ts';

export interface ScannedRecord {
  readonly recordId: number;
  readonly bytes: Buffer;
}

/** Walks a plan's ranges. It remembers where it is, so a cursor can go on later over a newer state. */
export class RecordScan {
  readonly #collection: Collection;
  readonly #plan: Plan;
  /** Only kept where an index may list a document twice, or come to list it again further on. */
  readonly #seen: Set<number> | undefined;
  #range = 0;
  #lastKey: Buffer | undefined;
  keysExamined = 0;
  documentsExamined = 0;

  constructor(collection: Collection, plan: Plan, options: { readonly changes: boolean }) {
    this.#collection = collection;
    this.#plan = plan;
    const mayRepeat = plan.stage === 'IXSCAN' && (plan.repeats || options.changes);
    this.#seen = mayRepeat ? new Set() : undefined;
  }

  /** From where the last walk stopped. */
  *records(view: ReadView): Generator<ScannedRecord, void, undefined> {
    const { ranges, reverse } = this.#plan;
    for (let range = ranges[this.#range]; range; range = ranges[++this.#range]) {
      if (this.#plan.stage === 'IXSCAN' && this.#plan.bounds.exact) {
        const value = view.get(range.start);
        const record = value && this.#recordAt(view, range.start, value);
        if (record) {
          this.#range++;
          yield record;
          this.#range--;
        }
        continue;
      }
      const { start, end } = this.#rest(range);
      for (const { key, value } of view.range(start, end, reverse)) {
        this.#lastKey = key;
        const record = this.#recordAt(view, key, value);
        if (record) yield record;
      }
      this.#lastKey = undefined;
    }
  }

  #rest(range: KeyRange): KeyRange {
    const last = this.#lastKey;
    if (!last) return range;
    return this.#plan.reverse
      ? { start: range.start, end: last }
      : { start: Buffer.concat([last, Buffer.of(0)]), end: range.end };
  }

  #recordAt(view: ReadView, key: Buffer, value: Buffer): ScannedRecord | undefined {
    if (this.#plan.stage === 'COLLSCAN') {
      this.documentsExamined++;
      return { recordId: recordIdOfDocumentKey(key), bytes: value };
    }
    this.keysExamined++;
    const recordId = decodeRecordId(value);
    if (this.#seen?.has(recordId)) return undefined;
    this.#seen?.add(recordId);
    const bytes = view.get(documentKey(this.#collection.id, recordId));
    if (!bytes) return undefined;
    this.documentsExamined++;
    return { recordId, bytes };
  }
}
