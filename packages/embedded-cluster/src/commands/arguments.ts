import { CommandError, typeMismatch } from '../command-error.ts';
import { typeAlias } from '../documents/type-alias.ts';
import {
  type Document,
  isDocument,
  isNumber,
  isTruthy,
  toDouble,
  type Value,
} from '../documents/value.ts';
import type { CommandContext } from './command.ts';

const wrongType = (
  context: CommandContext,
  field: string,
  value: Value,
  expected: string,
): CommandError =>
  typeMismatch(
    `BSON field '${context.name}.${field}' is the wrong type '${typeAlias(value)}', expected type '${expected}'`,
  );

/** Shared: never changed. */
export const EMPTY_DOCUMENT: Document = new Map();

/** A field of the command that is a document; missing and null are `undefined`. */
export const documentArgument = (context: CommandContext, field: string): Document | undefined => {
  const value = context.body.get(field);
  if (value === undefined || value === null) return undefined;
  if (!isDocument(value)) throw wrongType(context, field, value, 'object');
  return value;
};

/** A whole number that is not negative. */
export const countArgument = (context: CommandContext, field: string): number | undefined => {
  const value = context.body.get(field);
  if (value === undefined || value === null) return undefined;
  if (!isNumber(value)) throw wrongType(context, field, value, 'long');
  const number = Math.trunc(toDouble(value));
  if (number < 0 || !Number.isFinite(number)) {
    throw new CommandError(
      51024,
      `BSON field '${field}' value must be >= 0, actual value '${number.toString()}'`,
    );
  }
  return number;
};

export const flagArgument = (context: CommandContext, field: string): boolean => {
  const value = context.body.get(field);
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean' && !isNumber(value))
    throw wrongType(context, field, value, 'bool');
  return isTruthy(value);
};

export const stringArgument = (context: CommandContext, field: string): string | undefined => {
  const value = context.body.get(field);
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw wrongType(context, field, value, 'string');
  return value;
};

export const arrayArgument = (
  context: CommandContext,
  field: string,
): readonly Value[] | undefined => {
  const value = context.body.get(field);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw wrongType(context, field, value, 'array');
  return value;
};

/** The collection that the command's first field names. */
export const collectionArgument = (
  context: CommandContext,
  field: string = context.name,
): string => {
  const value = context.body.values().next().value;
  const name = context.body.get(field) ?? value;
  if (typeof name !== 'string') {
    throw new CommandError(
      'InvalidNamespace',
      `collection name has invalid type ${typeAlias(name)}`,
    );
  }
  if (name === '') {
    throw new CommandError(
      'InvalidNamespace',
      `Invalid namespace specified '${context.database}.'`,
    );
  }
  return name;
};

/** Collation is out of scope, except the one that is none. */
export const refuseCollation = (collation: Value): void => {
  if (collation === undefined || collation === null) return;
  if (isDocument(collation) && (collation.size === 0 || collation.get('locale') === 'simple'))
    return;
  throw new CommandError('CommandNotSupported', 'this engine knows only the simple collation');
};
