/**
 * MongoDB's order of the values that documents are sorted by: by type first (nothing and null, numbers,
 * strings, booleans, dates), then by value; strings by their UTF-8 bytes.
 */
export const compareValues = (left: unknown, right: unknown): number => {
  const rank = rankOf(left) - rankOf(right);
  if (rank !== 0 || rankOf(left) === 0) return rank;
  if (typeof left === 'string' && typeof right === 'string') return compareStrings(left, right);
  const [a, b] = [Number(left), Number(right)];
  if (a === b) return 0;
  // NaN is the lowest number.
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a < b ? -1 : 1;
};

const rankOf = (value: unknown): number => {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number') return 1;
  if (typeof value === 'string') return 2;
  if (typeof value === 'boolean') return 3;
  if (value instanceof Date) return 4;
  throw new TypeError('documents are sorted by null, numbers, strings, booleans and dates only');
};

// UTF-16 order, which `<` compares by, differs from that of UTF-8 bytes beyond U+FFFF.
const compareStrings = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8'));
