import { badValue, CommandError } from '../../command-error.ts';
import type { FieldFilterOperator } from '../../scope/scope.ts';
import { equalityKey } from '../equality-key.ts';
import { exactNumber } from '../exact-number.ts';
import type { ValueTest } from '../path.ts';
import { typeAlias, typeSet } from '../type-alias.ts';
import {
  type Document,
  isDocument,
  isNumber,
  isTruthy,
  toSafeInteger,
  type Value,
} from '../value.ts';
import { bitsTest } from './bits.ts';
import { bsonRegExpTest, type ComparisonName, compareTest, isRegExp } from './comparison.ts';
import { compileElemMatch } from './elem-match.ts';
import type { NestedCompilers } from './condition.ts';
import { isOperatorDocument } from './operator-document.ts';
import {
  anyArray,
  anyValue,
  everyCondition,
  type FieldCondition,
  negated,
} from './field-condition.ts';
import { EVERY_KEY, normalizeIntervals, type PathPredicate } from './path-predicate.ts';
import { compileRegExpOperator, regExpIntervals } from './regex-operator.ts';
import { equalityIntervals, rangeIntervals } from './value-intervals.ts';

export interface OperatorUse {
  readonly argument: Value;
  /** The document that the operator stands in, for `$regex` and its `$options`. */
  readonly operators: Document;
  readonly pathText: string;
  readonly nested: NestedCompilers;
}

type OperatorCompiler = (use: OperatorUse) => FieldCondition;

const always = anyValue(() => true);

export const FIELD_COMPILERS: Record<FieldFilterOperator, OperatorCompiler> = {
  $eq: ({ argument }) => equality(argument, 'equals-regular-expression'),
  $ne: ({ argument }) => {
    if (isRegExp(argument)) throw badValue("Can't have regex as arg to $ne.");
    return negated(equality(argument, 'equals-regular-expression'));
  },
  $gt: (use) => range('$gt', use),
  $gte: (use) => range('$gte', use),
  $lt: (use) => range('$lt', use),
  $lte: (use) => range('$lte', use),
  $in: ({ argument }) => oneOf('$in', argument),
  $nin: ({ argument }) => negated(oneOf('$nin', argument)),
  $not: compileNot,
  $exists: ({ argument }) => {
    const exists = anyValue(
      (value) => value !== undefined,
      (path) => [{ path, kind: 'exists', intervals: [EVERY_KEY], matchesMissing: false }],
    );
    return isTruthy(argument) ? exists : negated(exists);
  },
  $type: ({ argument }) => {
    const aliases = typeSet(argument);
    return anyValue((value) => aliases.has(typeAlias(value)));
  },
  $regex: ({ argument, operators }) => compileRegExpOperator(argument, operators.get('$options')),
  $options: ({ operators }) => {
    if (!operators.has('$regex')) throw badValue('$options needs a $regex');
    return { ...always, matches: () => true };
  },
  $mod: ({ argument }) => anyValue(modTest(argument)),
  $size: ({ argument }) => {
    const size = sizeArgument(argument);
    return anyArray((value) => Array.isArray(value) && value.length === size);
  },
  $all: compileAll,
  $elemMatch: ({ argument, pathText, nested }) => compileElemMatch(argument, pathText, nested),
  $bitsAllSet: ({ argument }) => anyValue(bitsTest('$bitsAllSet', argument)),
  $bitsAnySet: ({ argument }) => anyValue(bitsTest('$bitsAnySet', argument)),
  $bitsAllClear: ({ argument }) => anyValue(bitsTest('$bitsAllClear', argument)),
  $bitsAnyClear: ({ argument }) => anyValue(bitsTest('$bitsAnyClear', argument)),
};

/** `{a: /x/}` runs the expression, `{a: {$eq: /x/}}` looks for the expression itself. */
export function equality(
  operand: Value,
  regExpMeaning: 'matches-regular-expression' | 'equals-regular-expression',
): FieldCondition {
  if (isRegExp(operand) && regExpMeaning === 'matches-regular-expression') {
    return compileRegExpOperator(operand, undefined);
  }
  return anyValue(compareTest('$eq', operand), (path) => [
    {
      path,
      kind: 'eq',
      intervals: normalizeIntervals(equalityIntervals(operand)),
      values: [operand],
      matchesMissing: operand === null,
    },
  ]);
}

function range(name: Exclude<ComparisonName, '$eq'>, use: OperatorUse): FieldCondition {
  const { argument, pathText } = use;
  if (isRegExp(argument)) {
    throw badValue(`Can't have RegEx as arg to predicate over field '${pathText}'.`);
  }
  const test = compareTest(name, argument);
  const intervals = rangeIntervals(name, argument);
  return anyValue(test, (path) =>
    intervals
      ? [
          {
            path,
            kind: 'range',
            intervals: normalizeIntervals(intervals),
            matchesMissing: test(undefined),
          },
        ]
      : [],
  );
}

function oneOf(name: '$in' | '$nin', argument: Value): FieldCondition {
  if (!Array.isArray(argument)) throw badValue(`${name} needs an array`);
  if (argument.some(isOperatorDocument)) throw badValue('cannot nest $ under $in');
  const intervals = normalizeIntervals(
    argument.flatMap((element) =>
      isRegExp(element) ? regExpIntervals(element) : equalityIntervals(element),
    ),
  );
  const predicate: Omit<PathPredicate, 'path'> = {
    kind: 'in',
    intervals,
    matchesMissing: argument.includes(null),
    ...(argument.some(isRegExp) ? {} : { values: argument }),
  };
  return anyValue(oneOfTest(argument), (path) => [{ path, ...predicate }]);
}

/** Up to so many values are compared one by one; more are looked up. */
const COMPARED_MAX = 8;

function oneOfTest(argument: readonly Value[]): ValueTest {
  const expressions = argument.filter(isRegExp).map(bsonRegExpTest);
  const plain = argument.filter((element) => !isRegExp(element));
  const isAmong = plain.length > COMPARED_MAX ? lookUpTest(plain) : comparisonTest(plain);
  return (value) => isAmong(value) || expressions.some((test) => test(value));
}

function comparisonTest(elements: readonly Value[]): ValueTest {
  const tests = elements.map((element) => compareTest('$eq', element));
  return (value) => tests.some((test) => test(value));
}

function lookUpTest(elements: readonly Value[]): ValueTest {
  const keys = new Set(elements.map(equalityKey));
  // Missing is found where null is.
  return (value) => keys.has(equalityKey(value ?? null));
}

function compileNot({ argument, pathText, nested }: OperatorUse): FieldCondition {
  if (isRegExp(argument)) return negated(compileRegExpOperator(argument, undefined));
  if (!isDocument(argument)) throw badValue('$not needs a regex or a document');
  if (argument.size === 0) throw badValue('$not cannot be empty');
  return negated(nested.operators(argument, pathText));
}

/** Truncates towards zero; undefined for what has no remainder. */
function truncated(value: Value): bigint | undefined {
  if (!isNumber(value)) return undefined;
  const exact = exactNumber(value);
  if (typeof exact === 'number') return undefined;
  const scale = 10n ** BigInt(Math.abs(exact.exponent));
  const integer = exact.exponent < 0 ? exact.coefficient / scale : exact.coefficient * scale;
  return BigInt.asIntN(64, integer) === integer ? integer : undefined;
}

function modTest(argument: Value): ValueTest {
  if (!Array.isArray(argument)) throw badValue('malformed mod, needs to be an array');
  if (argument.length < 2) throw badValue('malformed mod, not enough elements');
  if (argument.length > 2) throw badValue('malformed mod, too many elements');
  const [divisor, remainder] = argument.map((part, index) => {
    const what = index === 0 ? 'divisor' : 'remainder';
    if (!isNumber(part)) throw badValue(`malformed mod, ${what} not a number`);
    const integer = truncated(part);
    if (integer === undefined) throw badValue(`malformed mod, ${what} value is invalid`);
    return integer;
  });
  if (divisor === undefined || divisor === 0n) throw badValue('divisor cannot be 0');
  return (value) => {
    const integer = truncated(value);
    return integer !== undefined && integer % divisor === remainder;
  };
}

function sizeArgument(argument: Value): number {
  if (!isNumber(argument)) {
    throw new CommandError(
      'BadValue',
      `Failed to parse $size. Expected a number in: $size: ${typeAlias(argument)}`,
    );
  }
  const size = toSafeInteger(argument);
  if (size === undefined) throw badValue('Failed to parse $size. Expected an integer');
  if (size < 0) throw badValue('Failed to parse $size. Expected a non-negative number');
  return size;
}

function compileAll({ argument, pathText, nested }: OperatorUse): FieldCondition {
  if (!Array.isArray(argument)) throw badValue('$all needs an array');
  if (argument.length === 0) return { ...anyValue(() => false), matches: () => false };
  const isElemMatch = (element: Value): element is Document =>
    isDocument(element) && element.keys().next().value === '$elemMatch';
  if (isElemMatch(argument[0])) {
    return everyCondition(
      argument.map((element) => {
        if (!isElemMatch(element)) throw badValue('$all/$elemMatch has to be consistent');
        return compileElemMatch(element.get('$elemMatch'), pathText, nested);
      }),
    );
  }
  return everyCondition(
    argument.map((element) => {
      if (isOperatorDocument(element)) throw badValue('no $ expressions in $all');
      return equality(element, 'matches-regular-expression');
    }),
  );
}
