import { Double, Int32, Long } from 'bson';
import { badValue, CommandError, typeMismatch } from '../../command-error.ts';
import { add, integer, isInteger, multiply, toBigInt } from '../arithmetic/arithmetic.ts';
import {
  addDecimals,
  decimalOperand,
  divideDecimals,
  multiplyDecimals,
  toDecimal,
} from '../arithmetic/decimal.ts';
import { dateMs } from '../compare.ts';
import { exactNumber, type ExactNumber } from '../exact-number.ts';
import { typeAlias } from '../type-alias.ts';
import { bsonTag, FarDate, isNumber, type NumberValue, toDouble, type Value } from '../value.ts';
import { binary, isNullish, operandsOf } from './arity.ts';
import type { OperatorCompiler } from './operator-compiler.ts';

/** Unlike an update, an expression goes on in doubles where a long overflows. */
const orDouble = (result: NumberValue | undefined, inDoubles: () => number): NumberValue =>
  result ?? new Double(inDoubles());

const sum = (a: NumberValue, b: NumberValue): NumberValue =>
  orDouble(add(a, b), () => toDouble(a) + toDouble(b));

const product = (a: NumberValue, b: NumberValue): NumberValue =>
  orDouble(multiply(a, b), () => toDouble(a) * toDouble(b));

type AnyDate = Date | FarDate;

const isDate = (value: Value): value is AnyDate =>
  value instanceof Date || bsonTag(value) === 'FarDate';

const DATE_MAX_MS = 8_640_000_000_000_000n;

/** A date from milliseconds; past 64 bits it is refused. */
function dateFrom(ms: bigint): AnyDate {
  if (BigInt.asIntN(64, ms) !== ms) throw new CommandError('Overflow', 'date overflow');
  return ms <= DATE_MAX_MS && ms >= -DATE_MAX_MS ? new Date(Number(ms)) : new FarDate(ms);
}

/** Milliseconds to add to a date: a double rounds half away from zero, a decimal half to even. */
function wholeMs(value: NumberValue): bigint {
  if (isInteger(value)) return toBigInt(value);
  if (value._bsontype === 'Double') {
    if (!Number.isFinite(value.value)) throw new CommandError('Overflow', 'date overflow');
    return BigInt(Math.sign(value.value) * Math.round(Math.abs(value.value)));
  }
  const exact = exactNumber(value);
  if (typeof exact === 'number') throw new CommandError('Overflow', 'date overflow');
  return roundHalfEven(exact);
}

function roundHalfEven({ coefficient, exponent }: ExactNumber): bigint {
  if (exponent >= 0) return coefficient * 10n ** BigInt(exponent);
  const scale = 10n ** BigInt(-exponent);
  const magnitude = coefficient < 0n ? -coefficient : coefficient;
  const whole = magnitude / scale;
  const twice = (magnitude % scale) * 2n;
  const rounded = twice > scale || (twice === scale && whole % 2n === 1n) ? whole + 1n : whole;
  return coefficient < 0n ? -rounded : rounded;
}

export const compileAdd: OperatorCompiler = (argument, compile) => {
  const operands = operandsOf(argument, compile);
  return (root) => {
    let total: NumberValue | AnyDate = new Int32(0);
    for (const operand of operands) {
      const value = operand(root);
      if (isNullish(value)) return null;
      total = addTo(total, value);
    }
    return total;
  };
};

function addTo(total: NumberValue | AnyDate, value: Value): NumberValue | AnyDate {
  if (isDate(value)) {
    if (isDate(total)) throw new CommandError(16612, 'only one date allowed in an $add expression');
    return dateFrom(dateMs(value) + wholeMs(total));
  }
  if (!isNumber(value)) {
    throw typeMismatch(`$add only supports numeric or date types, not ${typeAlias(value)}`);
  }
  return isDate(total) ? dateFrom(dateMs(total) + wholeMs(value)) : sum(total, value);
}

export const compileMultiply: OperatorCompiler = (argument, compile) => {
  const operands = operandsOf(argument, compile);
  return (root) => {
    let total: NumberValue = new Int32(1);
    for (const operand of operands) {
      const value = operand(root);
      if (isNullish(value)) return null;
      if (!isNumber(value)) {
        throw typeMismatch(`$multiply only supports numeric types, not ${typeAlias(value)}`);
      }
      total = product(total, value);
    }
    return total;
  };
};

export const compileSubtract = binary('$subtract', (a, b) => {
  if (isNullish(a) || isNullish(b)) return null;
  if (isNumber(a) && isNumber(b)) return subtractNumbers(a, b);
  if (isDate(a) && isDate(b)) return Long.fromBigInt(dateMs(a) - dateMs(b));
  if (isDate(a) && isNumber(b)) return dateFrom(dateMs(a) - wholeMs(b));
  throw typeMismatch(`can't $subtract ${typeAlias(b)} from ${typeAlias(a)}`);
});

const MINUS_ONE: ExactNumber = { coefficient: -1n, exponent: 0 };

function subtractNumbers(a: NumberValue, b: NumberValue): NumberValue {
  if (a._bsontype === 'Decimal128' || b._bsontype === 'Decimal128') {
    const negated = multiplyDecimals(decimalOperand(b), MINUS_ONE);
    return toDecimal(addDecimals(decimalOperand(a), negated));
  }
  const inDoubles = (): number => toDouble(a) - toDouble(b);
  if (isInteger(a) && isInteger(b)) {
    return orDouble(integer(a, b, toBigInt(a) - toBigInt(b)), inDoubles);
  }
  return new Double(inDoubles());
}

export const compileDivide = binary('$divide', (a, b) => {
  if (isNumber(a) && isNumber(b)) return divide(a, b);
  if (isNullish(a) || isNullish(b)) return null;
  throw typeMismatch(
    `$divide only supports numeric types, not ${typeAlias(a)} and ${typeAlias(b)}`,
  );
});

function divide(a: NumberValue, b: NumberValue): NumberValue {
  if (toDouble(b) === 0 && isExactZero(b)) throw badValue("can't $divide by zero");
  if (a._bsontype === 'Decimal128' || b._bsontype === 'Decimal128') {
    return toDecimal(divideDecimals(decimalOperand(a), decimalOperand(b)));
  }
  return new Double(toDouble(a) / toDouble(b));
}

/** A small decimal may be zero only as a double. */
function isExactZero(value: NumberValue): boolean {
  const exact = exactNumber(value);
  return typeof exact !== 'number' && exact.coefficient === 0n;
}
