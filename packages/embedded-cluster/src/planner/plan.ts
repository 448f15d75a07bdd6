import type { Filter } from '../documents/filter.ts';
import type { PathPredicate } from '../documents/filter/path-predicate.ts';
import type { SortField } from '../documents/sort.ts';
import type { Collection, Index } from '../storage/catalog.ts';
import { afterPrefix, collectionPrefix } from '../storage/keys.ts';
import type { ReadView } from '../storage/view.ts';
import { boundsOf, leadsOf, type IndexBounds, type KeyRange } from './bounds.ts';
import { impliesPartialFilter } from './partial-filter.ts';

export type Plan = CollectionScan | IndexScan;

export interface CollectionScan {
  readonly stage: 'COLLSCAN';
  readonly ranges: readonly KeyRange[];
  readonly reverse: boolean;
  readonly providesSort: boolean;
}

export interface IndexScan {
  readonly stage: 'IXSCAN';
  readonly index: Index;
  readonly bounds: IndexBounds;
  /** In the order in which they are walked. */
  readonly ranges: readonly KeyRange[];
  readonly reverse: boolean;
  readonly providesSort: boolean;
  /** One document may come up more than once. */
  readonly repeats: boolean;
}

export interface PlanRequest {
  readonly view: ReadView;
  readonly collection: Collection;
  readonly filter: Filter;
  readonly order: Order;
  /** How many documents are wanted, if not all. */
  readonly limit: number | undefined;
  readonly hint: Hint | undefined;
}

/** What a sort asks for: nothing, the order of insertion, or fields. */
export type Order = { readonly natural: 1 | -1 } | { readonly fields: readonly SortField[] };

/** From the command's `hint`, already resolved. */
export type Hint = { readonly index: Index } | { readonly natural: 1 | -1 };

/**
 * To choose between indexes, and between few matches that need sorting and an index in the right order,
 * this many of their entries are counted.
 */
const PROBE_MAX = 1000;

/** From this score on a plan finds one document, or none: there is nothing to compare. */
const SURE_SCORE = 1000;

export const choosePlan = (request: PlanRequest): Plan => {
  const { collection, filter, order, hint } = request;
  if (hint && 'natural' in hint) return collectionScan(collection, hint.natural, order);
  if ('natural' in order) return collectionScan(collection, order.natural, order);
  const candidates = (hint ? [hint.index] : collection.indexes)
    .filter(
      (index) =>
        !index.building &&
        (hint !== undefined || (isRelevant(index, request) && canAnswer(index, filter))),
    )
    .flatMap((index) => indexScans(index, filter.predicates, order.fields));
  if (hint) return best(candidates) ?? collectionScan(collection, 1, order);
  const ordered =
    order.fields.length > 0
      ? best(candidates.filter(({ providesSort }) => providesSort))
      : undefined;
  const bound = candidates.filter(({ bounds }) => bounds.boundFields > 0);
  const likeliest = best(bound);
  if (!likeliest) return ordered ?? collectionScan(collection, 1, order);
  if (scoreOf(likeliest) >= SURE_SCORE) return likeliest;
  return fewest(request, bound, likeliest, ordered);
};

/** Of the plans that read a part of an index, the one that reads least, by counting instead of guessing. */
const fewest = (
  { view, limit }: PlanRequest,
  bound: readonly IndexScan[],
  likeliest: IndexScan,
  ordered: IndexScan | undefined,
): IndexScan => {
  const worthwhile = bound.filter((scan) => !bound.some((other) => isBetter(other, scan)));
  const inOrder = limit === undefined ? undefined : ordered;
  const rivals = worthwhile.some((scan) => scan !== likeliest);
  if (!rivals && (!inOrder || inOrder === likeliest)) return likeliest;
  let chosen: IndexScan | undefined;
  let least = Math.max(PROBE_MAX, limit ?? 0);
  // The likeliest first: it wins where counts are equal, and what it counts bounds the others' counting.
  for (const scan of [likeliest, ...worthwhile.filter((one) => one !== likeliest)]) {
    const entries = countUpTo(view, scan.ranges, chosen ? least : least + 1);
    if (chosen ? entries < least : entries <= least) {
      chosen = scan;
      least = entries;
    }
  }
  return chosen ?? inOrder ?? likeliest;
};

/** Does `one` bind all that `other` does, and more, or the same in the wanted order? */
const isBetter = (one: IndexScan, other: IndexScan): boolean => {
  if (one === other || (other.providesSort && !one.providesSort)) return false;
  const paths = boundPaths(one);
  const others = boundPaths(other);
  return paths.length > others.length && others.every((path) => paths.includes(path));
};

const boundPaths = ({ index, bounds }: IndexScan): string[] =>
  index.fields.slice(0, bounds.boundFields).map(({ path }) => path);

const collectionScan = (
  collection: Collection,
  direction: 1 | -1,
  order: Order,
): CollectionScan => {
  const start = collectionPrefix(collection.id);
  return {
    stage: 'COLLSCAN',
    ranges: [{ start, end: afterPrefix(start) }],
    reverse: direction < 0,
    providesSort: 'natural' in order || order.fields.length === 0,
  };
};

/** Without its first field in filter or sort, an index can only be walked whole. */
const isRelevant = ({ fields: [first] }: Index, { filter, order }: PlanRequest): boolean =>
  filter.predicates.some(({ path }) => path === first?.path) ||
  ('fields' in order && order.fields.some(({ path }) => path === first?.path));

/** Does the index have an entry for every document that matches? */
const canAnswer = (index: Index, filter: Filter): boolean => {
  if (index.spec.get('hidden') === true) return false;
  if (index.partialFilter && !impliesPartialFilter(filter, index.partialFilter)) return false;
  if (!index.sparse) return true;
  return index.fields.some(({ path }) =>
    filter.predicates.some((predicate) => predicate.path === path && !predicate.matchesMissing),
  );
};

/** The ways to use an index: several, where only one of several conditions on an array can lead. */
const indexScans = (
  index: Index,
  predicates: readonly PathPredicate[],
  fields: readonly SortField[],
): IndexScan[] => {
  const leads = leadsOf(index, predicates);
  return leads.length > 1
    ? leads.map((lead) => indexScan(index, boundsOf(index, predicates, lead), fields))
    : [indexScan(index, boundsOf(index, predicates), fields)];
};

const indexScan = (index: Index, bounds: IndexBounds, fields: readonly SortField[]): IndexScan => {
  const order = fields.length > 0 ? orderBy(index, bounds, fields) : 1;
  const reverse = order === -1;
  return {
    stage: 'IXSCAN',
    index,
    bounds,
    ranges: reverse ? bounds.ranges.toReversed() : bounds.ranges,
    reverse,
    providesSort: order !== undefined,
    repeats: index.facts.multikeyFields !== 0,
  };
};

/**
 * The direction in which the index yields the order of `fields`, if either does. Ranges are disjoint and in
 * index order, so walking them all is index order; only within a single one may bound fields be skipped.
 */
const orderBy = (
  index: Index,
  bounds: IndexBounds,
  fields: readonly SortField[],
): 1 | -1 | undefined => {
  if (index.facts.shortened) return undefined;
  const single = bounds.ranges.length === 1;
  let position = 0;
  let direction: 1 | -1 | undefined;
  for (const { path, direction: wanted } of fields) {
    let field = index.fields[position];
    // A field that is bound to one value says nothing about order, whether sorted by or not.
    while (single && field && field.path !== path && position < bounds.pointFields)
      field = index.fields[++position];
    if (!field) return undefined;
    if (field.path !== path) {
      const fixed =
        single && index.fields.slice(0, bounds.pointFields).some((one) => one.path === path);
      if (fixed && !isFromArray(index, path)) continue;
      return undefined;
    }
    if (single && position < bounds.pointFields && !isFromArray(index, path)) {
      position++;
      continue;
    }
    // An array sorts by its smallest or largest element: all of them must be seen, unbounded by any array field.
    if (isFromArray(index, path) && anyArrayFieldBound(index, bounds)) return undefined;
    const needed = wanted === field.direction ? 1 : -1;
    if (direction !== undefined && direction !== needed) return undefined;
    direction = needed;
    position++;
  }
  return direction ?? 1;
};

const isFromArray = (index: Index, path: string): boolean =>
  index.fields.some(
    (field, position) =>
      field.path === path && (index.facts.multikeyFields & (1 << position)) !== 0,
  );

const anyArrayFieldBound = (index: Index, bounds: IndexBounds): boolean =>
  (index.facts.multikeyFields & ((1 << bounds.boundFields) - 1)) !== 0;

const best = (scans: readonly IndexScan[]): IndexScan | undefined => {
  let chosen: IndexScan | undefined;
  let highest = -1;
  for (const scan of scans) {
    const score = scoreOf(scan);
    if (score > highest) {
      chosen = scan;
      highest = score;
    }
  }
  return chosen;
};

const WEIGHT: Record<PathPredicate['kind'], number> = {
  eq: 100,
  in: 80,
  prefix: 50,
  range: 40,
  exists: 5,
};

const scoreOf = (scan: IndexScan): number => {
  const { index, bounds, providesSort } = scan;
  let score = providesSort ? 30 : 0;
  for (const kind of bounds.kinds) score += WEIGHT[kind];
  if (index.unique && bounds.pointFields === index.fields.length) score += SURE_SCORE;
  if (bounds.ranges.length === 0) score += 10_000;
  // Among equals the index with less that is of no use here.
  return score - index.fields.length / 100;
};

const countUpTo = (view: ReadView, ranges: readonly KeyRange[], max: number): number => {
  let seen = 0;
  for (const { start, end } of ranges) {
    for (const entry of view.range(start, end))
      if (entry.key.length > 0 && ++seen >= max) return seen;
  }
  return seen;
};
