import type { DocumentFilter, StoredDocument } from '../data-layer.ts';

const comparable = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value);

/** Order of values as the double keeps it: absent before numbers before text. */
export const compareValues = (a: unknown, b: unknown): number => {
  const [left, right] = [comparable(a ?? null), comparable(b ?? null)];
  const rank = (value: unknown) => (value === null ? 0 : typeof value === 'number' ? 1 : 2);
  if (rank(left) !== rank(right)) return rank(left) - rank(right);
  if (left === right) return 0;
  return (left as string) < (right as string) ? -1 : 1;
};

const valuesAt = (document: object, path: string): unknown[] => {
  const value = path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
  return Array.isArray(value) ? [...(value as unknown[]), value] : [value];
};

const OPERATORS: Readonly<Record<string, (value: unknown, operand: never) => boolean>> = {
  $eq: (value, operand) => compareValues(value, operand) === 0,
  $gt: (value, operand) => value != null && compareValues(value, operand) > 0,
  $gte: (value, operand) => value != null && compareValues(value, operand) >= 0,
  $lt: (value, operand) => value != null && compareValues(value, operand) < 0,
  $lte: (value, operand) => value != null && compareValues(value, operand) <= 0,
  $in: (value, operand: unknown[]) => operand.some((item) => compareValues(value, item) === 0),
  $exists: (value, operand) => (value !== undefined) === operand,
  $elemMatch: (value, operand: DocumentFilter) =>
    typeof value === 'object' && value !== null && matchesFilter(value, operand),
};

const NEGATED: Readonly<Record<string, string>> = { $ne: '$eq', $nin: '$in' };

const matchesCondition = (values: readonly unknown[], condition: unknown): boolean => {
  if (condition instanceof RegExp) {
    return values.some((value) => typeof value === 'string' && condition.test(value));
  }
  if (typeof condition !== 'object' || condition === null || condition instanceof Date) {
    return values.some((value) => compareValues(value, condition) === 0);
  }
  return Object.entries(condition).every(([operator, operand]) => {
    if (operator === '$all') {
      return (operand as unknown[]).every((item) => matchesCondition(values, item));
    }
    const negated = NEGATED[operator];
    const test = OPERATORS[negated ?? operator];
    if (test === undefined) throw new TypeError(`the double does not know ${operator}`);
    const found = values.some((value) => test(value, operand as never));
    return negated === undefined ? found : !found;
  });
};

/** MongoDB's matching, as far as the subgraphs' filters go; anything else throws. */
export const matchesFilter = (document: StoredDocument | object, filter: DocumentFilter): boolean =>
  Object.entries(filter).every(([field, condition]) => {
    if (field === '$and' || field === '$or') {
      const parts = condition as DocumentFilter[];
      const holds = (part: DocumentFilter) => matchesFilter(document, part);
      return field === '$and' ? parts.every(holds) : parts.some(holds);
    }
    if (field === '$nor') {
      return !(condition as DocumentFilter[]).some((part) => matchesFilter(document, part));
    }
    return matchesCondition(valuesAt(document, field), condition);
  });
