import { badValue, CommandError, typeMismatch } from '../command-error.ts';
import { describeValue } from '../documents/describe-value.ts';
import { type Document, isDocument } from '../documents/value.ts';
import type { QueryRequest } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import { aggregate, aggregateRequest } from './aggregate.ts';
import { collectionArgument } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { count, countRequest } from './count.ts';
import { deleteCommand, deleteRequest } from './delete.ts';
import { distinct, distinctRequest } from './distinct.ts';
import { explainReply } from './explain-reply.ts';
import { find, findRequest } from './find.ts';
import { findAndModify, findAndModifyRequest } from './find-and-modify.ts';
import { assertKnownFields } from './known-fields.ts';
import { withReadView } from './read-view.ts';
import { update, updateRequest } from './update.ts';

/** What a command asks for, read and checked as when it runs. */
type RequestOf = (context: CommandContext) => (collection: Collection) => QueryRequest;

const EXPLAINABLE: readonly (readonly [Command, RequestOf])[] = [
  [find, findRequest],
  [count, countRequest],
  [distinct, distinctRequest],
  [aggregate, aggregateRequest],
  [update, updateRequest],
  [deleteCommand, deleteRequest],
  [findAndModify, findAndModifyRequest],
];

const VERBOSITIES = ['queryPlanner', 'executionStats', 'allPlansExecution'];

export const explain: Command = {
  name: 'explain',
  kind: 'read',
  readConcerns: 'all but snapshot',
  fields: ['verbosity'],
  run: (context) =>
    withReadView(context, async (view) => {
      const body = context.body.get('explain');
      if (!isDocument(body)) throw typeMismatch('explain must be a command');
      const verbosity = context.body.get('verbosity') ?? 'allPlansExecution';
      if (typeof verbosity !== 'string' || !VERBOSITIES.includes(verbosity)) {
        throw badValue(
          `Enumeration value ${describeValue(verbosity)} for field 'explain.verbosity' is not a valid value.`,
        );
      }
      const [command, requestOf] = explainable(body);
      const inner = { ...context, name: command.name, body, sequences: new Map() };
      assertKnownFields(command, body);
      return await explainReply(context, view, {
        namespace: `${context.database}.${collectionArgument(inner)}`,
        command: body,
        request: requestOf(inner),
        withStatistics: verbosity !== 'queryPlanner',
      });
    }),
};

const explainable = (body: Document): readonly [Command, RequestOf] => {
  const name = body.keys().next().value ?? '';
  const found = EXPLAINABLE.find(
    ([command]) => command.name === name || command.aliases?.includes(name),
  );
  if (found) return found;
  throw new CommandError('CommandNotFound', `Explain failed due to unknown command: ${name}`);
};
