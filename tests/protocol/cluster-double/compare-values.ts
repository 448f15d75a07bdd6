import { byUtf8 } from './by-utf8.ts';

/** MongoDB's order of kinds, as far as the double's documents have them. */
const RANKS: readonly ((value: unknown) => boolean)[] = [
  (value) => value === null || value === undefined,
  (value) => typeof value === 'number',
  (value) => typeof value === 'string',
  (value) => typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date),
  (value) => Array.isArray(value),
  (value) => typeof value === 'boolean',
  (value) => value instanceof Date,
];

const rankOf = (value: unknown): number => {
  const rank = RANKS.findIndex((fits) => fits(value));
  if (rank === -1) throw new TypeError(`the double knows no order of a ${typeof value}`);
  return rank;
};

/** MongoDB's order of two values: by kind first, then by value; objects and arrays in order. */
export const compareValues = (left: unknown, right: unknown): number => {
  const byRank = rankOf(left) - rankOf(right);
  if (byRank !== 0) return byRank;
  if (typeof left === 'string') return byUtf8(left, right as string);
  if (typeof left === 'number' || typeof left === 'boolean' || left instanceof Date) {
    return Number(left) - Number(right);
  }
  if (typeof left !== 'object' || left === null) return 0;
  const lefts = Object.entries(left);
  const rights = Object.entries(right as object);
  for (const [index, [key, value]] of lefts.entries()) {
    const other = rights[index];
    if (other === undefined) return 1;
    const order =
      rankOf(value) - rankOf(other[1]) || byUtf8(key, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
};
