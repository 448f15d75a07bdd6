import type { Long } from 'bson';
import { compareExact, type ExactNumber, exactNumber } from './exact-number.ts';
import type { NumberValue } from './value.ts';

/** A Long that a double holds exactly, or undefined. */
function safeLong(value: Long): number | undefined {
  const number = value.toNumber();
  return Number.isSafeInteger(number) ? number : undefined;
}

function quickNumber(value: NumberValue): number | undefined {
  switch (value._bsontype) {
    case 'Int32':
    case 'Double':
      return value.value;
    case 'Long':
      return safeLong(value);
    case 'Decimal128':
      return undefined;
  }
}

/** By exact value; NaN below everything and equal to NaN; -0 equals 0. */
export function compareNumbers(a: NumberValue, b: NumberValue): number {
  const x = quickNumber(a);
  const y = quickNumber(b);
  if (x !== undefined && y !== undefined) return compareDoubles(x, y);
  return compareExactOrSpecial(exactNumber(a), exactNumber(b));
}

function compareDoubles(x: number, y: number): number {
  if (x < y) return -1;
  if (x > y) return 1;
  if (x === y) return 0;
  // At least one is NaN.
  return Number(Number.isNaN(y)) - Number(Number.isNaN(x));
}

function compareExactOrSpecial(x: ExactNumber | number, y: ExactNumber | number): number {
  if (typeof x !== 'number' && typeof y !== 'number') return compareExact(x, y);
  // NaN and the infinities order against any finite number as against zero.
  return compareDoubles(typeof x === 'number' ? x : 0, typeof y === 'number' ? y : 0);
}
