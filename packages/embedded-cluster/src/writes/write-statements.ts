import { Int32 } from 'bson';
import { CommandError } from '../command-error.ts';
import type { CommandContext } from '../commands/command.ts';
import { type Document, documentOf, type Value } from '../documents/value.ts';
import type { StatementResult } from '../sessions/retry-record.ts';
import { retryKey } from '../storage/keys.ts';
import type { WriteView } from '../storage/view.ts';
import { runRetryable } from './retryable-statement.ts';

/** Called in the same step as the statement's change, so that the record of it is stored together with it. */
export type NoteResult = (result: StatementResult) => void;

/** What an interrupted or conflicting statement says about the whole command, not about one statement. */
const ENDS_COMMAND: ReadonlySet<number> = new Set([
  50, 91, 112, 189, 246, 251, 256, 257, 262, 10107, 11600, 11601, 11602, 13435, 14031,
]);

/** What the command's writes go into: its transaction, or the newest state. */
export const writeViewOf = ({ cluster, transaction, writeConcern }: CommandContext): WriteView =>
  transaction ?? cluster.store.latest({ majority: writeConcern.majority });

/** Notes a retryable statement's result beside its write. */
export const noteInto = (
  context: CommandContext,
  view: WriteView,
  statement: number,
): NoteResult => {
  const { retry, session, cluster } = context;
  if (!retry || !session) return () => undefined;
  return (result) => {
    retry.note(statement, result);
    view.put(retryKey(session.id), retry.encode(cluster.nowMs()));
  };
};

export interface StatementsOutcome {
  readonly results: readonly { readonly index: number; readonly result: StatementResult }[];
  readonly writeErrors: readonly Document[];
}

/**
 * Runs the statements of an insert, update or delete in order. A statement that an earlier attempt of
 * this retryable write has done is answered from its record. With `ordered` the first error ends it.
 */
export const runStatements = async (
  context: CommandContext,
  count: number,
  run: (
    index: number,
    note: NoteResult,
    view: WriteView,
  ) => Promise<StatementResult> | StatementResult,
): Promise<StatementsOutcome> => {
  const ordered = context.body.get('ordered') !== false;
  const results: { index: number; result: StatementResult }[] = [];
  const writeErrors: Document[] = [];
  const view = writeViewOf(context);
  for (let index = 0; index < count; index++) {
    const done = context.retry?.resultOf(index);
    if (done) {
      results.push({ index, result: done });
      continue;
    }
    if (context.operation.dueToPause) await context.operation.pause();
    if (context.cluster.store.behind) await context.cluster.store.backpressure();
    try {
      const statement = () => run(index, noteInto(context, view, index), view);
      results.push({ index, result: await runRetryable(context, statement) });
    } catch (error) {
      if (!(error instanceof CommandError) || ENDS_COMMAND.has(error.code)) throw error;
      writeErrors.push(writeError(index, error));
      if (ordered || context.transaction) break;
    }
  }
  return { results, writeErrors };
};

const writeError = (index: number, error: CommandError): Document => {
  const document: Document = new Map<string, Value>([
    ['index', new Int32(index)],
    ['code', new Int32(error.code)],
  ]);
  for (const [name, value] of error.extra ?? []) document.set(name, value);
  document.set('errmsg', error.message);
  return document;
};

export const sumOf = (outcome: StatementsOutcome, field: 'n' | 'modified'): number =>
  outcome.results.reduce((sum, { result }) => sum + result[field], 0);

/** The part of the reply that all three commands share. */
export const writeReply = (
  outcome: StatementsOutcome,
  fields: Record<string, unknown>,
): Document => {
  const reply = documentOf(fields);
  if (outcome.writeErrors.length > 0) reply.set('writeErrors', [...outcome.writeErrors]);
  return reply;
};
