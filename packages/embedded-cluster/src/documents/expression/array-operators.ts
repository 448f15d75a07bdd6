import { Int32 } from 'bson';
import { CommandError } from '../../command-error.ts';
import { equalValues } from '../compare.ts';
import { typeAlias } from '../type-alias.ts';
import { isNumber, toSafeInteger, type Value } from '../value.ts';
import { binary, isNullish, unary } from './arity.ts';

export const compileSize = unary('$size', (value) => {
  if (Array.isArray(value)) return new Int32(value.length);
  throw new CommandError(
    17124,
    `The argument to $size must be an array, but was of type: ${typeAlias(value)}`,
  );
});

export const compileIn = binary('$in', (value, array) => {
  if (!Array.isArray(array)) {
    throw new CommandError(
      40081,
      `$in requires an array as a second argument, found: ${typeAlias(array)}`,
    );
  }
  return array.some((element) => equalValues(element, value));
});

export const compileArrayElemAt = binary('$arrayElemAt', (array, index) => {
  if (isNullish(array) || isNullish(index)) return null;
  if (!Array.isArray(array)) {
    throw new CommandError(
      28689,
      `$arrayElemAt's first argument must be an array, but is ${typeAlias(array)}`,
    );
  }
  return array.at(positionOf(index));
});

function positionOf(index: Value): number {
  if (!isNumber(index)) {
    throw new CommandError(
      28690,
      `$arrayElemAt's second argument must be a numeric value, but is ${typeAlias(index)}`,
    );
  }
  const position = toSafeInteger(index);
  if (position === undefined || (position | 0) !== position) {
    throw new CommandError(
      28691,
      `$arrayElemAt's second argument must be representable as a 32-bit integer: ${index.toString()}`,
    );
  }
  return position;
}
