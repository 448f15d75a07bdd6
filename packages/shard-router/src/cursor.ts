import { createHash } from 'node:crypto';
import { MarqueeError } from '@marquee/errors';
import type { CollectionName } from '@marquee/topology';
import { BSON } from 'mongodb';
import type { ListOrder, SortKey, SortValue } from './list-order.ts';
import type { ListQuery } from './shard-router.ts';

const { EJSON } = BSON;

/**
 * Longest cursor that is looked into. A sort key may be a title of 300 characters, of which each can
 * become eighteen when it is normalised: some 10,000 bytes, and a third more in base64.
 */
const CURSOR_MAX_LENGTH = 16_384;

const BASE64URL = /^[A-Za-z0-9_-]+$/;

/**
 * Opaque positions in one query's order. A cursor holds the sort key of its document, so it stays good
 * while documents are inserted or deleted or their slot moves, and says nothing that the document does
 * not. It is bound to collection, query, what the filter means, and order by a hash; nobody gains by
 * forging one, since its query is checked as any other.
 */
export class CursorCodec {
  readonly #order: ListOrder;
  readonly #binding: string;

  constructor(
    collection: CollectionName,
    {
      queryName,
      filter,
      filterMeaning = filter,
    }: Pick<ListQuery, 'queryName' | 'filter' | 'filterMeaning'>,
    order: ListOrder,
  ) {
    this.#order = order;
    const bound = EJSON.stringify([collection, queryName, filterMeaning, order.fields], {
      relaxed: false,
    });
    this.#binding = createHash('sha256').update(bound).digest('base64url').slice(0, 16);
  }

  encode(key: SortKey): string {
    const parts = [this.#binding, ...key];
    // Of most keys both make the same text, and this one far sooner; a page has a cursor for each node.
    const text = key.every(isPlain)
      ? JSON.stringify(parts)
      : EJSON.stringify(parts, { relaxed: true });
    return Buffer.from(text, 'utf8').toString('base64url');
  }

  /** @throws INVALID_CURSOR for anything that `encode` has not made for this very query. */
  decode(cursor: string): SortKey {
    const [binding, ...key] = parse(cursor);
    if (binding !== this.#binding || key.length !== this.#order.fields.length) throw invalid();
    if (typeof key.at(-1) !== 'string' || !key.every(isSortValue)) throw invalid();
    return key;
  }
}

const isPlain = (value: SortValue): boolean =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (Number.isFinite(value) && !Object.is(value, -0));

const parse = (cursor: string): unknown[] => {
  if (cursor.length > CURSOR_MAX_LENGTH || !BASE64URL.test(cursor)) throw invalid();
  try {
    const parsed: unknown = EJSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parsed)) return parsed as unknown[];
  } catch {
    // Not what we have made.
  }
  throw invalid();
};

const isSortValue = (value: unknown): value is SortValue =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && !Number.isNaN(value)) ||
  (value instanceof Date && !Number.isNaN(value.getTime()));

const invalid = (): MarqueeError => new MarqueeError('INVALID_CURSOR');
