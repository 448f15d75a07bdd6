import { CommandError } from '../command-error.ts';
import { type Document, isNumber, toDouble } from '../documents/value.ts';
import type { QueryRequest } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import { removeDocument } from '../storage/document-writer.ts';
import { changeMatching } from '../writes/matching-records.ts';
import { assertWritable } from '../writes/namespaces.ts';
import { runStatements, sumOf, writeReply } from '../writes/write-statements.ts';
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

export const deleteCommand: Command = {
  name: 'delete',
  kind: 'write',
  inTransaction: true,
  retryable: true,
  fields: ['deletes', 'ordered', 'let'],
  run: async (context) => {
    const name = collectionArgument(context);
    assertWritable(context, name);
    const statements = statementsOf(context, 'deletes');
    for (const statement of statements) assertDeleteForm(statement);
    const variables = variablesOf(context);
    const outcome = await runStatements(context, statements.length, async (index, note, view) => {
      const statement = statements[index] ?? EMPTY_DOCUMENT;
      const target = {
        namespace: `${context.database}.${name}`,
        filter: filterOf(statement, variables),
        hint: hintOf(statement.get('hint')),
      };
      const multi = limitOf(statement) === 0;
      if (multi) refuseRetry(context);
      let removed = 0;
      await changeMatching(context, view, target, { multi }, (collection, record) => {
        removeDocument(view, collection, record);
        removed++;
        note({ n: removed, modified: 0 });
      });
      return { n: removed, modified: 0 };
    });
    return writeReply(outcome, { n: sumOf(outcome, 'n') });
  },
};

const FORM = { q: 'object', limit: 'any', hint: 'any', collation: 'object' } as const;

const assertDeleteForm = (statement: Document): void => {
  assertStatementForm('delete.deletes', statement, FORM, ['q', 'limit']);
  limitOf(statement);
  hintOf(statement.get('hint'));
  refuseCollation(statement.get('collation'));
};

/** Of the one delete that is to be explained: how it finds its documents. */
export const deleteRequest = (
  context: CommandContext,
): ((collection: Collection) => QueryRequest) => {
  const statement = onlyStatementOf(context, 'deletes');
  assertDeleteForm(statement);
  const filter = filterOf(statement, variablesOf(context));
  const hint = hintOf(statement.get('hint'));
  return (collection) => ({ filter, limit: limitOf(statement), hint: hint?.(collection) });
};

const limitOf = (statement: Document): number => {
  const limit = statement.get('limit');
  const number = isNumber(limit) ? toDouble(limit) : -1;
  if (number !== 0 && number !== 1) {
    throw new CommandError(
      'FailedToParse',
      `The limit field in delete objects must be 0 or 1. Got ${number.toString()}`,
    );
  }
  return number;
};
