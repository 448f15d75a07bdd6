import { BSON, Decimal128, type Document, Double, Int32, Long } from 'mongodb';
import type { Modification } from './arbitrary.ts';

/*
 * What an update means, written as plainly as possible and apart from the engine: a second opinion on
 * documents of the fuzz's few values. It throws Refused where the server refuses.
 */

export class Refused extends Error {}

type Container = Document | unknown[];

const isContainer = (value: unknown): value is Container =>
  Array.isArray(value) ||
  (typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype);

const copy = <Kind>(value: Kind): Kind => {
  if (Array.isArray(value)) return value.map(copy) as Kind;
  if (!isContainer(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, copy(inner)]),
  ) as Kind;
};

const CREATING = new Set(['$set', '$inc', '$mul', '$bit', '$min', '$max', '$push', '$addToSet']);

export const naiveUpdate = (document: Document, modification: Modification): Document => {
  const updated = copy(document);
  if (modification.elements) return updateElements(updated, modification, modification.elements);
  if (modification.operator === '$rename') return rename(updated, modification);
  const names = modification.path.split('.');
  const last = names.pop() ?? '';
  let place: unknown = updated;
  for (const name of names) {
    const next = childOf(place, name);
    if (next === undefined) {
      if (!CREATING.has(modification.operator)) return updated;
      place = put(place, name, {});
    } else place = next;
  }
  if (!isContainer(place) || (Array.isArray(place) && !/^\d+$/.test(last))) {
    if (CREATING.has(modification.operator)) throw new Refused();
    return updated;
  }
  const before = childOf(place, last);
  const after = applyTo(before, modification);
  if (after !== undefined) put(place, last, after);
  else if (before !== undefined) remove(place, last);
  return updated;
};

/** Elements of the array at the path, each by itself. */
const updateElements = (
  document: Document,
  { operator, path, argument }: Modification,
  { kind, value }: NonNullable<Modification['elements']>,
): Document => {
  let array: unknown = document;
  for (const name of path.split('.')) array = childOf(array, name);
  if (!Array.isArray(array)) throw new Refused();
  const equals = (element: unknown): boolean => compare(element, value) === 0;
  const chosen = (array as unknown[]).flatMap((element, index) =>
    equals(element) || (kind === '$[x]' && Array.isArray(element) && element.some(equals))
      ? [index]
      : [],
  );
  if (kind === '$' && chosen.length === 0) throw new Refused();
  for (const index of kind === '$' ? chosen.slice(0, 1) : chosen) {
    array[index] = applyTo(array[index], { operator, path, argument });
  }
  return document;
};

const childOf = (place: unknown, name: string): unknown => {
  if (Array.isArray(place))
    return /^\d+$/.test(name) ? (place[Number(name)] as unknown) : undefined;
  if (isContainer(place) && Object.hasOwn(place, name)) return (place as Document)[name] as unknown;
  return undefined;
};

const put = (place: unknown, name: string, value: unknown): unknown => {
  if (Array.isArray(place)) {
    if (!/^\d+$/.test(name)) throw new Refused();
    while (place.length < Number(name)) place.push(null);
    place[Number(name)] = value;
  } else if (isContainer(place)) (place as Document)[name] = value;
  else throw new Refused();
  return value;
};

const remove = (place: Container, name: string): void => {
  if (Array.isArray(place)) place[Number(name)] = null;
  else Reflect.deleteProperty(place, name);
};

const rename = (document: Document, { path, argument }: Modification): Document => {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let place: unknown = document;
  for (const name of names) {
    if (Array.isArray(place)) throw new Refused();
    if (place === undefined) return document;
    if (!isContainer(place)) throw new Refused();
    place = childOf(place, name);
  }
  if (Array.isArray(place)) throw new Refused();
  if (place === undefined) return document;
  if (!isContainer(place)) throw new Refused();
  const value = childOf(place, last);
  if (value === undefined) return document;
  document[argument as string] = value;
  remove(place, last);
  return document;
};

const applyTo = (before: unknown, { operator, argument }: Modification): unknown => {
  switch (operator) {
    case '$set':
      return argument;
    case '$unset':
      return undefined;
    case '$inc':
      return increment(before);
    case '$min':
      return before === undefined || compare(argument, before) < 0 ? argument : before;
    case '$max':
      return before === undefined || compare(argument, before) > 0 ? argument : before;
    case '$mul':
      return double(before);
    case '$bit':
      return bits(before, argument as Record<string, Int32>);
    case '$push':
      return push(arrayOr(before), argument);
    case '$addToSet':
      return eachOf(argument).reduce<unknown[]>(
        (set, added) =>
          set.some((element) => compare(element, added) === 0) ? set : [...set, added],
        arrayOr(before),
      );
    case '$pull':
      if (before === undefined) return undefined;
      return arrayOf(before).filter((element) => compare(element, argument) !== 0);
    case '$pop':
      if (before === undefined) return undefined;
      return argument === 1 ? arrayOf(before).slice(0, -1) : arrayOf(before).slice(1);
    case '$pullAll':
      if (before === undefined) return undefined;
      return arrayOf(before).filter(
        (element) => compare(element, (argument as unknown[])[0]) !== 0,
      );
    default:
      throw new Error(operator);
  }
};

const arrayOf = (value: unknown): unknown[] => {
  if (!Array.isArray(value)) throw new Refused();
  return value as unknown[];
};

const arrayOr = (value: unknown): unknown[] => (value === undefined ? [] : arrayOf(value));

const increment = (value: unknown): unknown => {
  if (value === undefined) return new Int32(1);
  if (value instanceof Int32) return new Int32(value.value + 1);
  if (value instanceof Long) return value.add(1);
  if (value instanceof Double) return new Double(value.value + 1);
  // The only decimal of the fuzz is 2.0, and it grows by ones.
  if (value instanceof Decimal128)
    return Decimal128.fromString(`${String(Math.trunc(Number(value)) + 1)}.0`);
  throw new Refused();
};

const double = (value: unknown): unknown => {
  if (value === undefined) return new Int32(0);
  if (value instanceof Int32) return new Int32(value.value * 2);
  if (value instanceof Long) return value.multiply(2);
  if (value instanceof Double) return new Double(value.value * 2);
  if (value instanceof Decimal128)
    return Decimal128.fromString(`${String(Math.trunc(Number(value)) * 2)}.0`);
  throw new Refused();
};

const bits = (value: unknown, argument: Record<string, Int32>): unknown => {
  const [[operation, { value: mask }]] = Object.entries(argument) as [[string, Int32]];
  const on = (bitset: number): number =>
    operation === 'and' ? bitset & mask : operation === 'or' ? bitset | mask : bitset ^ mask;
  if (value === undefined) return new Int32(on(0));
  if (value instanceof Int32) return new Int32(on(value.value));
  // The longs of the fuzz are small.
  if (value instanceof Long) return Long.fromNumber(on(value.toNumber()));
  throw new Refused();
};

const eachOf = (argument: unknown): unknown[] =>
  isContainer(argument) && '$each' in argument ? (argument.$each as unknown[]) : [argument];

const push = (before: readonly unknown[], argument: unknown): unknown[] => {
  const array = [...before];
  const modifiers: Document =
    isContainer(argument) && '$each' in argument ? (argument as Document) : {};
  const { $position = array.length, $slice, $sort } = modifiers as Record<string, number>;
  array.splice($position, 0, ...eachOf(argument));
  if ($sort !== undefined) array.sort((a, b) => compare(a, b) * $sort);
  if ($slice === undefined) return array;
  return $slice >= 0 ? array.slice(0, $slice) : array.slice($slice);
};

/** The order of types among the fuzz's values, and of values within. */
const compare = (a: unknown, b: unknown): number => {
  const difference = rank(a) - rank(b);
  if (difference !== 0) return difference;
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b);
  if (isContainer(a) && isContainer(b)) {
    return compareFields(Object.entries(a), Object.entries(b));
  }
  const x = simple(a);
  const y = simple(b);
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(y)) - Number(Number.isNaN(x));
  return x < y ? -1 : x > y ? 1 : 0;
};

const compareLists = (a: readonly unknown[], b: readonly unknown[]): number => {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = compare(a[index], b[index]);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};

const compareFields = (a: [string, unknown][], b: [string, unknown][]): number => {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const [[name, value], [otherName, otherValue]] = [a[index]!, b[index]!];
    const difference =
      rank(value) - rank(otherValue) ||
      (name < otherName ? -1 : name > otherName ? 1 : 0) ||
      compare(value, otherValue);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};

const rank = (value: unknown): number => {
  if (value === null) return 1;
  if (typeof value === 'string') return 3;
  if (Array.isArray(value)) return 5;
  if (typeof value === 'boolean') return 6;
  if (value instanceof Date) return 7;
  return isContainer(value) ? 4 : 2;
};

const simple = (value: unknown): number | string => {
  if (typeof value === 'string') return value;
  if (value === null) return 0;
  if (value instanceof BSON.Decimal128) return Number(value.toString());
  return Number(value);
};
