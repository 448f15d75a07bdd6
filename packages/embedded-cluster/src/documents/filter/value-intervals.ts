import { encodeIndexKey } from '../index-key.ts';
import { TYPE_ORDER, typeOrder } from '../compare.ts';
import type { Value } from '../value.ts';
import { Double } from 'bson';
import { type ComparisonName, isNaNValue } from './comparison.ts';
import {
  afterPrefix,
  EVERY_KEY,
  type KeyInterval,
  pointInterval,
  typeInterval,
} from './path-predicate.ts';

/** Where values equal to `value` are found: an array in its field is indexed by its elements. */
export function equalityIntervals(value: Value): KeyInterval[] {
  return Array.isArray(value)
    ? [pointInterval(value[0]), pointInterval(value)]
    : [pointInterval(value)];
}

/** Where values that compare as asked are found; undefined where an index cannot tell. */
export function rangeIntervals(
  name: Exclude<ComparisonName, '$eq'>,
  operand: Value,
): KeyInterval[] | undefined {
  const includesEqual = name === '$gte' || name === '$lte';
  const order = typeOrder(operand);
  if (order === TYPE_ORDER.array) return undefined;
  if (order === TYPE_ORDER.minKey || order === TYPE_ORDER.maxKey) return [EVERY_KEY];
  if (order === TYPE_ORDER.null || order === TYPE_ORDER.missing) {
    return includesEqual ? [pointInterval(null)] : [];
  }
  if (isNaNValue(operand)) return includesEqual ? [pointInterval(operand)] : [];
  const whole = comparableInterval(operand);
  const key = encodeIndexKey(operand);
  switch (name) {
    case '$gt':
      return [{ from: afterPrefix(key), to: whole.to }];
    case '$gte':
      return [{ from: key, to: whole.to }];
    case '$lt':
      return [{ from: whole.from, to: key }];
    case '$lte':
      return [{ from: whole.from, to: afterPrefix(key) }];
  }
}

const LEAST_NUMBER = encodeIndexKey(new Double(-Infinity));

/** The keys of a type group, NaN left out: it is below all numbers, but no range holds it. */
function comparableInterval(operand: Value): KeyInterval {
  const interval = typeInterval(operand);
  return typeOrder(operand) === TYPE_ORDER.number
    ? { from: LEAST_NUMBER, to: interval.to }
    : interval;
}
