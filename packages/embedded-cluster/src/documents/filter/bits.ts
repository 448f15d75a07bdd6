import { badValue, failedToParse } from '../../command-error.ts';
import { exactNumber } from '../exact-number.ts';
import type { ValueTest } from '../path.ts';
import { bsonTag, isNumber, toSafeInteger, type Value } from '../value.ts';
import type { Binary } from 'bson';

export type BitsName = '$bitsAllSet' | '$bitsAnySet' | '$bitsAllClear' | '$bitsAnyClear';

const LONG_BITS = 64n;

/** Bit positions from the least significant one; beyond a number's 64 bits its sign continues. */
export function bitsTest(name: BitsName, argument: Value): ValueTest {
  const positions = bitPositions(name, argument);
  const wanted = name === '$bitsAllSet' || name === '$bitsAnySet';
  const needsAll = name === '$bitsAllSet' || name === '$bitsAllClear';
  return (value) => {
    const bit = bitReader(value);
    if (!bit) return false;
    return needsAll
      ? positions.every((position) => bit(position) === wanted)
      : positions.some((position) => bit(position) === wanted);
  };
}

function bitReader(value: Value): ((position: number) => boolean) | undefined {
  if (isNumber(value)) {
    const integer = toInt64(value);
    if (integer === undefined) return undefined;
    return (position) => ((integer >> BigInt(position)) & 1n) === 1n;
  }
  if (bsonTag(value) === 'Binary') return binaryBits(value as Binary);
  return undefined;
}

function binaryBits(value: Binary): (position: number) => boolean {
  const bytes = value.buffer.subarray(0, value.position);
  return (position) => (((bytes[position >>> 3] ?? 0) >>> (position & 7)) & 1) === 1;
}

function toInt64(value: Value): bigint | undefined {
  if (!isNumber(value)) return undefined;
  const exact = exactNumber(value);
  if (typeof exact === 'number') return undefined;
  const scale = 10n ** BigInt(Math.abs(exact.exponent));
  if (exact.exponent < 0 && exact.coefficient % scale !== 0n) return undefined;
  const integer = exact.exponent < 0 ? exact.coefficient / scale : exact.coefficient * scale;
  return BigInt.asIntN(Number(LONG_BITS), integer) === integer ? integer : undefined;
}

function bitPositions(name: BitsName, argument: Value): number[] {
  if (Array.isArray(argument)) {
    return argument.map((position) => {
      const index = toSafeInteger(position);
      if (index === undefined) {
        throw badValue(`Failed to parse bit position. Expected a number in: ${name}`);
      }
      if (index < 0)
        throw failedToParse(
          `Failed to parse bit position. Expected a non-negative number in: ${name}`,
        );
      return index;
    });
  }
  if (isNumber(argument)) {
    const mask = toInt64(argument);
    if (mask === undefined) {
      throw failedToParse(`Expected an integer: ${name}: ${argument.toString()}`);
    }
    if (mask < 0n) {
      throw failedToParse(`Expected a non-negative number in: ${name}: ${argument.toString()}`);
    }
    return positionsWhere(
      Number(LONG_BITS),
      (position) => ((mask >> BigInt(position)) & 1n) === 1n,
    );
  }
  if (bsonTag(argument) === 'Binary') {
    const binary = argument as Binary;
    return positionsWhere(binary.position * 8, binaryBits(binary));
  }
  throw badValue(`${name} takes an Array, a number, or a BinData but received: ${typeof argument}`);
}

const positionsWhere = (count: number, isSet: (position: number) => boolean): number[] =>
  Array.from({ length: count }, (_, position) => position).filter(isSet);
