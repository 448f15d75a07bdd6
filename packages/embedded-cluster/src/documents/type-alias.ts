import { badValue } from '../command-error.ts';
import { isDocument, isNumber, toSafeInteger, type Value } from './value.ts';

/** MongoDB's alias and number of each BSON type. */
const TYPE_NUMBERS: Readonly<Record<string, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

const ALIAS_BY_NUMBER = new Map(
  Object.entries(TYPE_NUMBERS).map(([alias, number]) => [number, alias]),
);

/** The alias of a value's type, `missing` for a missing one: what `$type` and error messages say. */
export function typeAlias(value: Value): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return 'array';
  if (isDocument(value)) return 'object';
  if (value instanceof Date) return 'date';
  switch (value._bsontype) {
    case 'Int32':
      return 'int';
    case 'Double':
      return 'double';
    case 'Long':
      return 'long';
    case 'Decimal128':
      return 'decimal';
    case 'FarDate':
      return 'date';
    case 'ObjectId':
      return 'objectId';
    case 'Binary':
      return 'binData';
    case 'Timestamp':
      return 'timestamp';
    case 'BSONRegExp':
      return 'regex';
    case 'BSONSymbol':
      return 'symbol';
    case 'Code':
      return value.scope === null ? 'javascript' : 'javascriptWithScope';
    case 'MinKey':
      return 'minKey';
    case 'MaxKey':
      return 'maxKey';
  }
}

const NUMBER_ALIASES = ['int', 'long', 'double', 'decimal'];

/** The aliases that the argument of `$type` names. */
export function typeSet(argument: Value): ReadonlySet<string> {
  const named = Array.isArray(argument) ? argument : [argument];
  if (named.length === 0) throw badValue('$type must match at least one type');
  return new Set(named.flatMap(aliasesOf));
}

function aliasesOf(name: Value): string[] {
  if (typeof name === 'string') {
    if (name === 'number') return NUMBER_ALIASES;
    if (!Object.hasOwn(TYPE_NUMBERS, name)) throw badValue(`Unknown type name alias: ${name}`);
    return [name];
  }
  if (!isNumber(name)) throw badValue('type must be represented as a number or a string');
  const number = toSafeInteger(name);
  const alias = number === undefined ? undefined : ALIAS_BY_NUMBER.get(number);
  if (alias === undefined) throw badValue(`Invalid numerical type code: ${name.toString()}`);
  return [alias];
}
