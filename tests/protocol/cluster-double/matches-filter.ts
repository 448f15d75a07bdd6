import type { StoredDocument } from '@marquee/slot-protocol';
import { compareValues } from './compare-values.ts';

type Conditions = Readonly<Record<string, unknown>>;

/**
 * MongoDB's filters as far as the router sends them in a simulation: fields and dotted paths with
 * equality (into arrays too), comparisons, `$in`, `$nin`, `$ne`, `$exists`, and `$and`, `$or`, `$nor`.
 *
 * @throws TypeError for any other operator: a wrong answer would be worse.
 */
export const matchesFilter = (document: StoredDocument, filter: Conditions): boolean =>
  Object.entries(filter).every(([key, condition]) => {
    const each = () => condition as Conditions[];
    if (key === '$and') return each().every((part) => matchesFilter(document, part));
    if (key === '$or') return each().some((part) => matchesFilter(document, part));
    if (key === '$nor') return !each().some((part) => matchesFilter(document, part));
    if (key.startsWith('$')) throw new TypeError(`the double knows no ${key}`);
    return matchesField(valuesAt(document, key.split('.')), condition);
  });

/** What a path leads to: the value, and where that is an array, each of its elements too. */
const valuesAt = (value: unknown, path: readonly string[]): unknown[] => {
  const [field, ...rest] = path;
  if (field === undefined) return Array.isArray(value) ? [value, ...(value as unknown[])] : [value];
  if (Array.isArray(value)) return value.flatMap((element) => valuesAt(element, path));
  if (typeof value !== 'object' || value === null) return [undefined];
  return valuesAt((value as Record<string, unknown>)[field], rest);
};

const matchesField = (values: readonly unknown[], condition: unknown): boolean => {
  if (!isOperators(condition)) return equalsSome(values, condition);
  return Object.entries(condition).every(([operator, operand]) =>
    matchesOperator(values, operator, operand),
  );
};

const matchesOperator = (
  values: readonly unknown[],
  operator: string,
  operand: unknown,
): boolean => {
  const ordered = (fits: (order: number) => boolean): boolean =>
    values.some((value) => sameKind(value, operand) && fits(compareValues(value, operand)));
  switch (operator) {
    case '$eq':
      return equalsSome(values, operand);
    case '$ne':
      return !equalsSome(values, operand);
    case '$in':
      return (operand as unknown[]).some((one) => equalsSome(values, one));
    case '$nin':
      return !(operand as unknown[]).some((one) => equalsSome(values, one));
    case '$gt':
      return ordered((order) => order > 0);
    case '$gte':
      return ordered((order) => order >= 0);
    case '$lt':
      return ordered((order) => order < 0);
    case '$lte':
      return ordered((order) => order <= 0);
    case '$exists':
      return values.some((value) => value !== undefined) === operand;
    default:
      throw new TypeError(`the double knows no ${operator}`);
  }
};

const equalsSome = (values: readonly unknown[], wanted: unknown): boolean =>
  values.some((value) => compareValues(value ?? null, wanted ?? null) === 0);

/** Comparisons are between values of one kind only. */
const sameKind = (left: unknown, right: unknown): boolean =>
  left !== undefined && kindOf(left) === kindOf(right);

const kindOf = (value: unknown): string => (value instanceof Date ? 'date' : typeof value);

const isOperators = (condition: unknown): condition is Conditions =>
  typeof condition === 'object' &&
  condition !== null &&
  Object.keys(condition).some((key) => key.startsWith('$'));
