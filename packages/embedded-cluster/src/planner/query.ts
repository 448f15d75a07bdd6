import { CommandError } from '../command-error.ts';
import { decode, decodeFields, encode } from '../documents/codec.ts';
import { filterFields, topOf } from '../documents/filter/filter-fields.ts';
import type { Filter } from '../documents/filter.ts';
import type { Projection } from '../documents/projection.ts';
import type { KeyTuple } from '../documents/key-tuples.ts';
import type { Sort } from '../documents/sort.ts';
import { type Document, isDocument } from '../documents/value.ts';
import type { Operation } from '../operation/operation.ts';
import type { Collection } from '../storage/catalog.ts';
import type { ReadView } from '../storage/view.ts';
import { choosePlan, type Hint, type Plan } from './plan.ts';
import { RecordScan } from './record-scan.ts';

/** MongoDB's internalQueryMaxBlockingSortMemoryUsageBytes; it spills to disk past that, we refuse. */
export const SORT_MAX_BYTES = 100 * 1024 * 1024;

export interface QueryRequest {
  readonly filter: Filter;
  readonly sort?: Sort | undefined;
  readonly natural?: 1 | -1 | undefined;
  readonly skip?: number;
  /** 0 is no limit. */
  readonly limit?: number;
  readonly projection?: Projection | undefined;
  readonly hint?: Hint | undefined;
  /** Who visits the rows wants their documents: they are decoded once, and whole. */
  readonly wantsDocuments?: boolean;
  /** Who visits the rows changes them, which may move them on in the index that is walked: each comes once. */
  readonly changes?: boolean;
}

export interface BatchLimits {
  readonly documentsMax: number;
  readonly bytesMax: number;
}

export interface Batch {
  readonly documents: readonly Uint8Array[];
  /** Nothing more will come. */
  readonly exhausted: boolean;
}

/** A match that did not have to be decoded. */
const MATCHED = Symbol('matched');

/** Fewer rows than this are sorted once at the end, even where only some of them are wanted. */
const SORT_FEW = 1000;

/** True to go on. */
export type Visit = (row: Row) => boolean | Promise<boolean>;

/** A matching record; decoded where it was read whole to know that. */
export interface Row {
  readonly recordId: number;
  readonly bytes: Buffer;
  readonly document: Document | undefined;
}

/** A find as it goes on, batch by batch; between batches it holds nothing of the store. */
export class Query {
  readonly plan: Plan;
  readonly scan: RecordScan;
  readonly #request: QueryRequest;
  /** The whole filter is what the index was asked, so it need not be tried again. */
  readonly #answeredByIndex: boolean;
  /** What of a document has to be read to filter and sort it; undefined for everything. */
  readonly #fields: ReadonlySet<string> | undefined;
  #toSkip: number;
  #left: number;
  /** What a sort that no index provides has put in order; read from the end. */
  #sorted: Row[] | undefined;
  #exhausted = false;
  /** Found, but too large for what was left of its batch. */
  #heldBack: Uint8Array | undefined;

  constructor(view: ReadView, collection: Collection, request: QueryRequest) {
    const { filter, sort, natural, skip = 0, limit = 0, hint } = request;
    this.#request = request;
    this.plan = choosePlan({
      view,
      collection,
      filter,
      order: natural === undefined ? { fields: sort?.fields ?? [] } : { natural },
      limit: limit === 0 ? undefined : skip + limit,
      hint,
    });
    this.scan = new RecordScan(collection, this.plan, { changes: request.changes === true });
    this.#answeredByIndex = filter.source.size === 0 || isIdPoint(filter.source, this.plan);
    this.#fields = request.wantsDocuments === true ? undefined : fieldsOf(request);
    this.#toSkip = skip;
    this.#left = limit === 0 ? Infinity : limit;
  }

  /** The next documents, raw. `view` may be newer at each call. */
  async batch(view: ReadView, operation: Operation, limits: BatchLimits): Promise<Batch> {
    const documents: Uint8Array[] = [];
    let bytes = 0;
    const take = (shown: Uint8Array): boolean => {
      // Never past the limit, except with one document alone.
      if (documents.length > 0 && bytes + shown.length > limits.bytesMax) {
        this.#heldBack = shown;
        return false;
      }
      documents.push(shown);
      bytes += shown.length;
      return documents.length < limits.documentsMax;
    };
    if (limits.documentsMax > 0) {
      const heldBack = this.#heldBack;
      this.#heldBack = undefined;
      if (!heldBack || take(heldBack)) {
        await this.each(view, operation, (row) => take(this.#project(row)));
      }
    }
    return { documents, exhausted: this.#exhausted && !this.#heldBack };
  }

  /** How many documents match, after skip and limit. */
  async count(view: ReadView, operation: Operation): Promise<number> {
    let count = 0;
    await this.each(view, operation, () => {
      count++;
      return true;
    });
    return count;
  }

  /**
   * Visits matching records in the order asked for, from where the last call stopped, until `visit`
   * says that it wants no more.
   */
  async each(view: ReadView, operation: Operation, visit: Visit): Promise<void> {
    if (this.#exhausted) return;
    if (!this.plan.providesSort) {
      this.#sorted ??= await this.#sortAll(view, operation);
      await this.#eachSorted(this.#sorted, visit);
      return;
    }
    for (const { recordId, bytes } of this.scan.records(view)) {
      if (operation.dueToPause) await operation.pause();
      const document = this.#match(bytes);
      if (!document) continue;
      if (this.#toSkip > 0) {
        this.#toSkip--;
        continue;
      }
      this.#left--;
      const isWhole = document !== MATCHED && this.#fields === undefined;
      const row = { recordId, bytes, document: isWhole ? document : undefined };
      const goesOn = visit(row);
      if (this.#left === 0) break;
      if (goesOn !== true && (goesOn === false || !(await goesOn))) return;
    }
    this.#exhausted = true;
  }

  async #eachSorted(rows: Row[], visit: Visit): Promise<void> {
    for (let row = rows.pop(); row; row = rows.pop()) {
      this.#left--;
      const goesOn = visit(row);
      if (this.#left === 0) break;
      if (goesOn !== true && (goesOn === false || !(await goesOn))) break;
    }
    this.#exhausted = rows.length === 0 || this.#left === 0;
  }

  #match(bytes: Buffer): Document | typeof MATCHED | undefined {
    if (this.#answeredByIndex) return MATCHED;
    const document = this.#decode(bytes);
    return this.#request.filter.matches(document) ? document : undefined;
  }

  #decode(bytes: Buffer): Document {
    return this.#fields === undefined ? decode(bytes) : decodeFields(bytes, this.#fields);
  }

  async #sortAll(view: ReadView, operation: Operation): Promise<Row[]> {
    const { sort, skip = 0 } = this.#request;
    const wanted = this.#left === Infinity ? Infinity : skip + this.#left;
    let rows: { key: KeyTuple; recordId: number; bytes: Buffer }[] = [];
    let heldBytes = 0;
    const order = (): void => {
      if (sort) rows.sort((a, b) => sort.compareKeys(a.key, b.key));
      if (rows.length <= wanted) return;
      rows = rows.slice(0, wanted);
      heldBytes = rows.reduce((sum, { bytes }) => sum + bytes.length, 0);
    };
    for (const { recordId, bytes } of this.scan.records(view)) {
      if (operation.dueToPause) await operation.pause();
      const document = this.#match(bytes);
      if (!document) continue;
      rows.push({
        key: sort?.keyOf(document === MATCHED ? this.#decode(bytes) : document) ?? [],
        recordId,
        bytes,
      });
      heldBytes += bytes.length;
      if (rows.length >= Math.max(wanted * 2, SORT_FEW)) order();
      if (heldBytes > SORT_MAX_BYTES) throw sortTooLarge();
    }
    order();
    return rows
      .slice(this.#toSkip)
      .map(({ recordId, bytes }) => ({ recordId, bytes, document: undefined }))
      .reverse();
  }

  #project({ bytes, document }: Row): Uint8Array {
    const { projection } = this.#request;
    return projection ? encode(projection.apply(document ?? decode(bytes))) : bytes;
  }
}

const fieldsOf = ({ filter, sort }: QueryRequest): ReadonlySet<string> | undefined => {
  const filtered = filterFields(filter.source);
  return filtered && new Set([...filtered, ...(sort?.fields ?? []).map(({ path }) => topOf(path))]);
};

/** `{ _id: value }` by the `_id` index, the most frequent query of all. */
const isIdPoint = (source: Document, plan: Plan): boolean => {
  if (source.size !== 1 || plan.stage !== 'IXSCAN' || plan.index.name !== '_id_') return false;
  const value = source.get('_id');
  if (value === undefined || value === null || Array.isArray(value) || isDocument(value))
    return false;
  if (typeof value === 'object' && '_bsontype' in value && value._bsontype === 'BSONRegExp')
    return false;
  return plan.bounds.pointFields === 1 && !plan.index.facts.shortened;
};

const sortTooLarge = (): CommandError =>
  new CommandError(
    292,
    `Executor error during find command :: caused by :: Sort exceeded memory limit of ${SORT_MAX_BYTES.toString()} bytes, but did not opt in to external sorting.`,
  );
