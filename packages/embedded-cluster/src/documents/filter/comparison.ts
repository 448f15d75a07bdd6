import type { BSONRegExp } from 'bson';
import { bsonTag, isNumber, toDouble, type Value } from '../value.ts';
import { compareValues, TYPE_ORDER, typeOrder } from '../compare.ts';
import type { ValueTest } from '../path.ts';
import { type CompiledRegExp, compileBsonRegExp } from './regular-expression.ts';

export type ComparisonName = '$eq' | '$gt' | '$gte' | '$lt' | '$lte';

export const isRegExp = (value: Value): value is BSONRegExp => bsonTag(value) === 'BSONRegExp';

export const isNaNValue = (value: Value): boolean =>
  isNumber(value) && Number.isNaN(toDouble(value));

const accepts: Record<ComparisonName, (difference: number) => boolean> = {
  $eq: (difference) => difference === 0,
  $gt: (difference) => difference > 0,
  $gte: (difference) => difference >= 0,
  $lt: (difference) => difference < 0,
  $lte: (difference) => difference <= 0,
};

/**
 * The server's ComparisonMatchExpression for one value: only values of the operand's type group
 * compare, but missing meets null, and MinKey and MaxKey meet everything. NaN equals NaN and is
 * neither above nor below anything.
 */
export function compareTest(name: ComparisonName, operand: Value): ValueTest {
  const accept = accepts[name];
  const includesEqual = name === '$eq' || name === '$gte' || name === '$lte';
  const order = typeOrder(operand);
  if (order === TYPE_ORDER.null || order === TYPE_ORDER.missing) {
    return includesEqual ? (value) => value === null || value === undefined : () => false;
  }
  if (isNaNValue(operand)) return includesEqual ? isNaNValue : () => false;
  if (order === TYPE_ORDER.maxKey || order === TYPE_ORDER.minKey) {
    return (value) => accept(compareValues(value, operand));
  }
  if (order === TYPE_ORDER.number && name !== '$eq') {
    return (value) =>
      isNumber(value) && !isNaNValue(value) && accept(compareValues(value, operand));
  }
  return (value) => typeOrder(value) === order && accept(compareValues(value, operand));
}

/** A regular expression matches text, symbols, and the equal regular expression. */
export function regExpTest(compiled: CompiledRegExp, source: BSONRegExp): ValueTest {
  return (value) => {
    if (typeof value === 'string') return compiled.test(value);
    if (typeof value !== 'object' || value === null || !('_bsontype' in value)) return false;
    if (value._bsontype === 'BSONSymbol') return compiled.test(value.value);
    return value._bsontype === 'BSONRegExp' && compareValues(value, source) === 0;
  };
}

export const bsonRegExpTest = (source: BSONRegExp): ValueTest =>
  regExpTest(compileBsonRegExp(source), source);
