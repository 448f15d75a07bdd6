import { CommandError, failedToParse, typeMismatch } from '../command-error.ts';
import { compileFilter, type Filter } from '../documents/filter.ts';
import { equalValues } from '../documents/compare.ts';
import { decode } from '../documents/codec.ts';
import { describeDocument } from '../documents/describe-value.ts';
import { typeAlias } from '../documents/type-alias.ts';
import { type Document, isDocument, isNumber, toDouble, type Value } from '../documents/value.ts';
import type { Variables } from '../documents/expression/operator-compiler.ts';
import type { Hint } from '../planner/plan.ts';
import type { Collection } from '../storage/catalog.ts';
import { WRITE_BATCH_MAX } from '../wire/limits.ts';
import { EMPTY_DOCUMENT } from './arguments.ts';
import type { CommandContext } from './command.ts';

/** The statements of a batch: a document sequence beside the body, or an array in it. */
export const statementsOf = (context: CommandContext, field: string): Document[] => {
  const sequence = context.sequences.get(field);
  const statements = sequence?.map(decode) ?? context.body.get(field);
  if (!Array.isArray(statements) || !statements.every(isDocument)) {
    throw new CommandError(
      40414,
      `BSON field '${context.name}.${field}' is missing but a required field`,
    );
  }
  assertBatchSize(statements.length);
  return statements;
};

/** The one statement of a write that is to be explained. */
export const onlyStatementOf = (context: CommandContext, field: string): Document => {
  const [statement, ...others] = statementsOf(context, field);
  if (!statement || others.length > 0)
    throw new CommandError('InvalidLength', 'explained write batches must be of size 1');
  return statement;
};

export const assertBatchSize = (count: number): void => {
  if (count === 0 || count > WRITE_BATCH_MAX) {
    throw new CommandError(
      'InvalidLength',
      `Write batch sizes must be between 1 and ${WRITE_BATCH_MAX.toString()}. Got ${count.toString()} operations.`,
    );
  }
};

/** What a field of a statement must be. */
export type StatementField = 'object' | 'array' | 'bool' | 'any';

/**
 * Refuses a statement that is not made as MongoDB's parser wants it. That ends the whole command before
 * any statement has run; what a statement means, on the other hand, is its own error.
 */
export const assertStatementForm = (
  kind: string,
  statement: Document,
  known: Readonly<Record<string, StatementField>>,
  required: readonly string[],
): void => {
  for (const [field, value] of statement) {
    const form = Object.hasOwn(known, field) ? known[field] : undefined;
    if (!form) throw new CommandError(40415, `BSON field '${kind}.${field}' is an unknown field.`);
    if (!hasForm(value, form)) {
      throw typeMismatch(
        `BSON field '${kind}.${field}' is the wrong type '${typeAlias(value)}', expected type '${form}'`,
      );
    }
  }
  for (const field of required) {
    if (!statement.has(field)) {
      throw new CommandError(
        40414,
        `BSON field '${kind}.${field}' is missing but a required field`,
      );
    }
  }
};

const hasForm = (value: Value, form: StatementField): boolean => {
  switch (form) {
    case 'object':
      return isDocument(value);
    case 'array':
      return Array.isArray(value);
    case 'bool':
      return typeof value === 'boolean' || isNumber(value);
    case 'any':
      return true;
  }
};

/** A record of a retryable write holds one result a statement; many changes have no single one. */
export const refuseRetry = (context: CommandContext): void => {
  if (context.retry) {
    throw new CommandError(
      'InvalidOptions',
      'Cannot use (or request) retryable writes with multi=true',
    );
  }
};

/** The `q` of a statement whose form is right. */
export const filterOf = (statement: Document, variables: Variables): Filter =>
  compileFilter(statement.get('q') as Document, variables);

/** `hint` as MongoDB takes it: an index's name, its key pattern, or `{$natural: ±1}`. */
export const hintOf = (hint: Value): ((collection: Collection) => Hint) | undefined => {
  if (hint === undefined || hint === null || (isDocument(hint) && hint.size === 0))
    return undefined;
  if (typeof hint !== 'string' && !isDocument(hint)) {
    throw failedToParse('Hint must be either a string or an object');
  }
  return (collection) => {
    if (isDocument(hint)) {
      const natural = hint.get('$natural');
      if (isNumber(natural)) return { natural: toDouble(natural) < 0 ? -1 : 1 };
    }
    const [index, another] = collection.indexes.filter(
      (one) =>
        !one.building &&
        one.spec.get('hidden') !== true &&
        (typeof hint === 'string' ? one.name === hint : equalValues(one.key, hint)),
    );
    if (another) {
      throw new CommandError(
        'IndexNotFound',
        `error processing query: planner returned error :: caused by :: Hint matched multiple indexes, must hint by index name. Matched: ${describeDocument(index?.spec ?? EMPTY_DOCUMENT)} and ${describeDocument(another.spec)}`,
      );
    }
    if (!index) {
      throw new CommandError(
        'BadValue',
        'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
      );
    }
    return { index };
  };
};
