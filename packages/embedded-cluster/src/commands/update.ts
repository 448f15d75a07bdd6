import { Int32 } from 'bson';
import { failedToParse, typeMismatch } from '../command-error.ts';
import { assertUpdateKind, compileUpdate } from '../documents/update.ts';
import { type Document, isDocument, isTruthy, type Value } from '../documents/value.ts';
import type { QueryRequest } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import { assertWritable } from '../writes/namespaces.ts';
import {
  updateDocuments,
  type UpdateOutcome,
  type UpdateRequest,
} from '../writes/update-documents.ts';
import { runStatements, sumOf, writeReply } from '../writes/write-statements.ts';
import type { StatementResult } from '../sessions/retry-record.ts';
import { EMPTY_DOCUMENT, collectionArgument, refuseCollation } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import {
  assertStatementForm,
  filterOf,
  hintOf,
  onlyStatementOf,
  refuseRetry,
  statementsOf,
} from './statements.ts';
import { variablesOf } from './variables.ts';

const FORM = {
  q: 'object',
  u: 'any',
  multi: 'bool',
  upsert: 'bool',
  arrayFilters: 'array',
  hint: 'any',
  collation: 'object',
} as const;

const assertUpdateForm = (statement: Document): void => {
  assertStatementForm('update.updates', statement, FORM, ['q', 'u']);
  assertUpdateKind(statement.get('u'));
  arrayFiltersOf(statement.get('arrayFilters'));
  hintOf(statement.get('hint'));
  refuseCollation(statement.get('collation'));
};

export const update: Command = {
  name: 'update',
  kind: 'write',
  inTransaction: true,
  retryable: true,
  fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
  run: async (context) => {
    const name = collectionArgument(context);
    assertWritable(context, name);
    const statements = statementsOf(context, 'updates');
    for (const statement of statements) assertUpdateForm(statement);
    const outcome = await runStatements(context, statements.length, async (index, note, view) => {
      const request = requestOf(context, name, statements[index] ?? EMPTY_DOCUMENT);
      return resultOf(
        await updateDocuments(context, view, request, (so) => {
          note(resultOf(so));
        }),
      );
    });
    const upserted = outcome.results.flatMap(({ index, result }): Document[] =>
      result.upserted === undefined
        ? []
        : [
            new Map<string, Value>([
              ['index', new Int32(index)],
              ['_id', result.upserted],
            ]),
          ],
    );
    return writeReply(outcome, {
      n: sumOf(outcome, 'n'),
      ...(upserted.length > 0 ? { upserted } : {}),
      nModified: sumOf(outcome, 'modified'),
    });
  },
};

const resultOf = ({ matched, modified, upserted }: UpdateOutcome): StatementResult =>
  upserted === undefined ? { n: matched, modified } : { n: 1, modified: 0, upserted };

const requestOf = (
  context: CommandContext,
  collectionName: string,
  statement: Document,
): UpdateRequest => {
  const variables = variablesOf(context);
  const multi = isTruthy(statement.get('multi'));
  if (multi) refuseRetry(context);
  const compiled = compileUpdate(statement.get('u'), {
    arrayFilters: arrayFiltersOf(statement.get('arrayFilters')),
    variables,
  });
  if (multi && compiled.kind === 'replacement') {
    throw failedToParse('multi update is not supported for replacement-style update');
  }
  return {
    namespace: `${context.database}.${collectionName}`,
    collectionName,
    filter: filterOf(statement, variables),
    hint: hintOf(statement.get('hint')),
    update: compiled,
    multi,
    upsert: isTruthy(statement.get('upsert')),
  };
};

/** Of the one update that is to be explained: how it finds its documents. */
export const updateRequest = (
  context: CommandContext,
): ((collection: Collection) => QueryRequest) => {
  const statement = onlyStatementOf(context, 'updates');
  assertUpdateForm(statement);
  const { filter, hint, multi } = requestOf(context, collectionArgument(context), statement);
  return (collection) => ({ filter, limit: multi ? 0 : 1, hint: hint?.(collection) });
};

export const arrayFiltersOf = (value: Value): readonly Document[] | undefined => {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every(isDocument))
    throw typeMismatch('arrayFilters must be an array of objects');
  return value;
};
