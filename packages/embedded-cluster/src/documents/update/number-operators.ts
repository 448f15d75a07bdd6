import { Int32, Long } from 'bson';
import { badValue, typeMismatch } from '../../command-error.ts';
import { add, isInteger, multiply, toBigInt } from '../arithmetic/arithmetic.ts';
import { compareValues } from '../compare.ts';
import { describeElement, describeValue } from '../describe-value.ts';
import { typeAlias } from '../type-alias.ts';
import { isDocument, isNumber, type NumberValue, type Value } from '../value.ts';
import { describeId, type FieldUpdate, type UpdateSite } from './field-update.ts';

const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

function numericArgument(verb: string, path: string, argument: Value): NumberValue {
  if (isNumber(argument)) return argument;
  throw typeMismatch(
    `Cannot ${verb} with non-numeric argument: {${describeElement(path, argument)}}`,
  );
}

function numericTarget(name: string, current: Value, { document, path }: UpdateSite): NumberValue {
  if (isNumber(current)) return current;
  throw typeMismatch(
    `Cannot apply ${name} to a value of non-numeric type. ${describeId(document)} has the field '${lastName(path)}' of non-numeric type ${typeAlias(current)}`,
  );
}

function inRange(
  result: NumberValue | undefined,
  name: string,
  current: NumberValue,
  { document }: UpdateSite,
): NumberValue {
  if (result) return result;
  throw badValue(
    `Failed to apply ${name} operations to current value ((${current._bsontype === 'Long' ? 'NumberLong' : 'NumberInt'})${current.toString()}) for document ${describeId(document)}`,
  );
}

export function increment(path: string, argument: Value): FieldUpdate {
  const amount = numericArgument('increment', path, argument);
  return {
    onMissing: 'create',
    edit: (current, site) => {
      if (current === undefined) return amount;
      const target = numericTarget('$inc', current, site);
      return inRange(add(target, amount), '$inc', target, site);
    },
  };
}

export function multiplyBy(path: string, argument: Value): FieldUpdate {
  const factor = numericArgument('multiply', path, argument);
  return {
    onMissing: 'create',
    edit: (current, site) => {
      // A missing field becomes zero of the factor's type.
      const target = current === undefined ? new Int32(0) : numericTarget('$mul', current, site);
      return inRange(multiply(target, factor), '$mul', target, site);
    },
  };
}

/** `$min` and `$max`: the argument wins where it compares as `sign` says. */
export const extreme =
  (sign: 1 | -1) =>
  (_path: string, argument: Value): FieldUpdate => ({
    onMissing: 'create',
    edit: (current) =>
      current === undefined || compareValues(argument, current) * sign > 0 ? argument : current,
  });

const BIT_OPERATIONS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

export function bit(path: string, argument: Value): FieldUpdate {
  if (!isDocument(argument)) {
    throw badValue(
      `The $bit modifier is not compatible with a ${typeAlias(argument)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    );
  }
  const whole = describeElement(path, argument);
  const steps = [...argument].map(([name, operand]) => {
    const operation = BIT_OPERATIONS[name];
    if (!operation) {
      throw badValue(
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${whole}}`,
      );
    }
    if (!isNumber(operand) || !isInteger(operand)) {
      throw badValue(
        `The $bit modifier field must be an Integer(32/64 bit); a '${describeValue(operand)}' is not supported here: {${whole}}`,
      );
    }
    return { operation, operand };
  });
  if (steps.length === 0) {
    throw badValue(
      `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`,
    );
  }
  return {
    onMissing: 'create',
    edit: (current, { document, path: place }) => {
      const start = current === undefined ? new Int32(0) : current;
      if (!isNumber(start) || !isInteger(start)) {
        throw badValue(
          `Cannot apply $bit to a value of non-integral type.${describeId(document)} has the field ${lastName(place)} of non-integer type ${typeAlias(current)}`,
        );
      }
      const isLong = [start, ...steps.map(({ operand }) => operand)].some(
        ({ _bsontype }) => _bsontype === 'Long',
      );
      const result = steps.reduce(
        (value, { operation, operand }) => operation(value, toBigInt(operand)),
        toBigInt(start),
      );
      return isLong ? Long.fromBigInt(result) : new Int32(Number(result));
    },
  };
}
