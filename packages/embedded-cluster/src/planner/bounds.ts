import {
  descending,
  intersectIntervals,
  type KeyInterval,
  normalizeIntervals,
  type PathPredicate,
  pointInterval,
} from '../documents/filter/path-predicate.ts';
import { invert } from '../documents/index-key.ts';
import type { Index } from '../storage/catalog.ts';
import { fieldKeptBytes } from '../storage/index-keys.ts';
import { afterPrefix, indexPrefix } from '../storage/keys.ts';

/** Keys k with `start <= k < end`. */
export interface KeyRange {
  readonly start: Buffer;
  readonly end: Buffer;
}

/** More ranges than this (the product of several `$in`) are not worth taking one by one. */
export const RANGES_MAX = 2000;

export interface IndexBounds {
  /** In the index's order, without overlaps. */
  readonly ranges: readonly KeyRange[];
  /** The leading fields that are bound to single values, so that what follows is in order within each range. */
  readonly pointFields: number;
  /** The fields that have bounds at all. */
  readonly boundFields: number;
  /** Each range is one key of a unique index, its `start`: it can be looked up instead of walked to. */
  readonly exact: boolean;
  /** For explain: the kind of predicate that each bound field uses. */
  readonly kinds: readonly PathPredicate['kind'][];
}

/**
 * The parts of `index` that can hold a match for all of `predicates`; everything, where they say nothing
 * of its first field. Where that comes from an array, one of several conditions on it must be chosen: it
 * is `lead`, where given.
 */
export const boundsOf = (
  index: Index,
  predicates: readonly PathPredicate[],
  lead?: PathPredicate,
): IndexBounds => {
  const whole = indexPrefix(index.id);
  let starts: Buffer[] = [whole];
  let last: KeyRange[] | undefined;
  let pointFields = 0;
  let boundFields = 0;
  const kinds: PathPredicate['kind'][] = [];
  let arrayFieldBound = false;
  for (const [position, field] of index.fields.entries()) {
    const fromArray = (index.facts.multikeyFields & (1 << position)) !== 0;
    // Two fields out of one array: a match may meet one condition with one element, the other with another.
    if (fromArray && arrayFieldBound) break;
    const usable =
      position === 0 && lead ? [lead] : predicates.filter(({ path }) => path === field.path);
    const chosen = fromArray ? mostSelective(usable) : intersect(usable);
    if (!chosen) break;
    arrayFieldBound ||= fromArray;
    const parts = intervalsInIndex(index, field.direction, chosen);
    if (starts.length * parts.intervals.length > RANGES_MAX) break;
    boundFields++;
    kinds.push(chosen.kind);
    if (parts.points && position < index.fields.length - 1) {
      const points = parts.points;
      starts = starts.flatMap((start) => points.map((point) => Buffer.concat([start, point])));
      pointFields++;
      continue;
    }
    last = starts.flatMap((start) =>
      parts.intervals.map(({ from, to }) => ({
        start: Buffer.concat([start, from]),
        end: Buffer.concat([start, to]),
      })),
    );
    if (parts.points) pointFields++;
    break;
  }
  const ranges = last ?? starts.map((start) => ({ start, end: afterPrefix(start) }));
  const exact = index.unique && pointFields === index.fields.length;
  return { ranges, pointFields, boundFields, exact, kinds };
};

/** What `boundsOf` may be led by: each condition on the first field, where only one can be used. */
export const leadsOf = (index: Index, predicates: readonly PathPredicate[]): PathPredicate[] =>
  (index.facts.multikeyFields & 1) === 0
    ? []
    : predicates.filter(({ path }) => path === index.fields[0]?.path);

interface Choice {
  readonly kind: PathPredicate['kind'];
  readonly intervals: readonly KeyInterval[];
  /** Where the intervals are nothing but single values: their keys, ascending. */
  readonly points: readonly Uint8Array[] | undefined;
}

const RANK: Record<PathPredicate['kind'], number> = {
  eq: 0,
  in: 1,
  prefix: 2,
  range: 3,
  exists: 4,
};

const mostSelective = (predicates: readonly PathPredicate[]): Choice | undefined => {
  const [best] = predicates.toSorted((a, b) => RANK[a.kind] - RANK[b.kind]);
  return best && { kind: best.kind, intervals: best.intervals, points: pointsOf(best) };
};

const intersect = (predicates: readonly PathPredicate[]): Choice | undefined => {
  const best = mostSelective(predicates);
  if (!best || predicates.length === 1) return best;
  let intervals = best.intervals;
  for (const predicate of predicates)
    intervals = intersectIntervals(intervals, predicate.intervals);
  const points = best.points?.filter((point) =>
    intervals.some((interval) => contains(interval, point)),
  );
  return { kind: best.kind, intervals, points };
};

const contains = ({ from, to }: KeyInterval, key: Uint8Array): boolean =>
  Buffer.compare(from, key) <= 0 && Buffer.compare(key, to) < 0;

/** Neighbouring points may have been joined into one interval, so the values themselves are asked. */
const pointsOf = ({ values, intervals }: PathPredicate): readonly Uint8Array[] | undefined => {
  if (!values || values.length > RANGES_MAX || values.some((value) => Array.isArray(value)))
    return undefined;
  const points = values.map(pointInterval);
  const same = normalizeIntervals(points);
  const nothingElse =
    same.length === intervals.length &&
    same.every(({ from, to }, at) => {
      const other = intervals[at];
      return other && Buffer.compare(from, other.from) === 0 && Buffer.compare(to, other.to) === 0;
    });
  if (!nothingElse) return undefined;
  const unique = new Map(points.map(({ from }) => [Buffer.from(from).toString('latin1'), from]));
  return [...unique.values()].sort((a, b) => Buffer.compare(a, b));
};

interface IntervalsInIndex {
  readonly intervals: readonly KeyInterval[];
  readonly points: readonly Uint8Array[] | undefined;
}

/** As this index stores them: inverted where the field descends, shortened where values were. */
const intervalsInIndex = (
  index: Index,
  direction: 1 | -1,
  { intervals, points }: Choice,
): IntervalsInIndex => {
  const kept = fieldKeptBytes(index);
  const exact = points?.every((point) => point.length <= kept) ? points : undefined;
  const stored = exact && (direction === 1 ? exact : exact.map(invert).reverse());
  const ordered = stored
    ? stored.map((point) => ({ from: point, to: afterPrefix(Buffer.from(point)) }))
    : direction === 1
      ? intervals
      : intervals.map(descendingInterval).reverse();
  return { intervals: ordered.map((interval) => shortenInterval(interval, kept)), points: stored };
};

const descendingInterval = (interval: KeyInterval): KeyInterval => {
  const { from, to } = descending(interval);
  return { from, to: to.length > 0 ? to : Uint8Array.of(0xff) };
};

/** Stored values keep only so many bytes of their own; what is longer in a bound would cut matches off. */
const shortenInterval = ({ from, to }: KeyInterval, keptBytes: number): KeyInterval => ({
  from: from.length > keptBytes ? from.subarray(0, keptBytes) : from,
  to: to.length > keptBytes ? afterPrefix(Buffer.from(to.subarray(0, keptBytes))) : to,
});
