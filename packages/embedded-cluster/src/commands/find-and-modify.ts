import { failedToParse } from '../command-error.ts';
import { compileFilter } from '../documents/filter.ts';
import { compileProjection } from '../documents/projection.ts';
import { compileSort } from '../documents/sort.ts';
import { compileUpdate } from '../documents/update.ts';
import { type Document, documentOf } from '../documents/value.ts';
import type { QueryRequest } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import { removeDocument } from '../storage/document-writer.ts';
import type { WriteView } from '../storage/view.ts';
import { changeMatching, type Target } from '../writes/matching-records.ts';
import { assertWritable } from '../writes/namespaces.ts';
import { runRetryable } from '../writes/retryable-statement.ts';
import { updateDocuments } from '../writes/update-documents.ts';
import { noteInto, writeViewOf } from '../writes/write-statements.ts';
import {
  EMPTY_DOCUMENT,
  collectionArgument,
  documentArgument,
  flagArgument,
  refuseCollation,
} from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { hintOf } from './statements.ts';
import { arrayFiltersOf } from './update.ts';
import { variablesOf } from './variables.ts';

type Show = (document: Document | undefined) => Document | null;

export const findAndModify: Command = {
  name: 'findAndModify',
  aliases: ['findandmodify'],
  kind: 'write',
  inTransaction: true,
  retryable: true,
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'bypassDocumentValidation',
    'collation',
    'arrayFilters',
    'hint',
    'let',
  ],
  run: async (context) => {
    if (context.retry?.reply) return context.retry.reply;
    const name = collectionArgument(context, 'findAndModify');
    assertWritable(context, name);
    const target = targetOf(context, name);
    const { filter } = target;
    const remove = flagArgument(context, 'remove');
    const variables = variablesOf(context);
    const fields = documentArgument(context, 'fields');
    const projection =
      fields && fields.size > 0 ? compileProjection(fields, filter, variables) : undefined;
    const show: Show = (document) => (document ? (projection?.apply(document) ?? document) : null);
    const view = writeViewOf(context);
    return await runRetryable(context, () =>
      remove
        ? removeOne(context, view, target, show)
        : updateOne(context, view, name, target, show),
    );
  },
};

const targetOf = (context: CommandContext, collectionName: string): Target => {
  refuseCollation(context.body.get('collation'));
  const remove = flagArgument(context, 'remove');
  if (remove === context.body.has('update')) {
    throw failedToParse(
      remove
        ? 'Cannot specify both an update and remove=true'
        : 'Either an update or remove=true must be specified',
    );
  }
  if (remove && flagArgument(context, 'upsert'))
    throw failedToParse('Cannot specify both upsert=true and remove=true');
  if (remove && flagArgument(context, 'new')) {
    throw failedToParse(
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  }
  const sort = documentArgument(context, 'sort');
  return {
    namespace: `${context.database}.${collectionName}`,
    filter: compileFilter(
      documentArgument(context, 'query') ?? EMPTY_DOCUMENT,
      variablesOf(context),
    ),
    sort: sort && sort.size > 0 ? compileSort(sort) : undefined,
    hint: hintOf(context.body.get('hint')),
  };
};

/** How it finds its document, to be explained. */
export const findAndModifyRequest = (
  context: CommandContext,
): ((collection: Collection) => QueryRequest) => {
  const { filter, sort, hint } = targetOf(context, collectionArgument(context, 'findAndModify'));
  return (collection) => ({ filter, sort, limit: 1, hint: hint?.(collection) });
};

const removeOne = async (
  context: CommandContext,
  view: WriteView,
  target: Target,
  show: Show,
): Promise<Document> => {
  let reply = documentOf({ lastErrorObject: { n: 0 }, value: null });
  const note = noteReply(context, view);
  await changeMatching(context, view, target, { multi: false }, (collection, record) => {
    const answer = documentOf({ lastErrorObject: { n: 1 }, value: show(record.document) });
    removeDocument(view, collection, record);
    reply = answer;
    note(reply);
  });
  return reply;
};

const updateOne = async (
  context: CommandContext,
  view: WriteView,
  collectionName: string,
  target: Target,
  show: Show,
): Promise<Document> => {
  const showNew = flagArgument(context, 'new');
  const note = noteReply(context, view);
  const outcome = await updateDocuments(
    context,
    view,
    {
      ...target,
      collectionName,
      update: compileUpdate(context.body.get('update'), {
        arrayFilters: arrayFiltersOf(context.body.get('arrayFilters')),
        variables: variablesOf(context),
      }),
      multi: false,
      upsert: flagArgument(context, 'upsert'),
    },
    (changed) => {
      note(replyOf(changed));
    },
  );
  return replyOf(outcome);

  function replyOf({
    matched,
    upserted,
    before,
    after,
  }: Awaited<ReturnType<typeof updateDocuments>>): Document {
    return documentOf({
      lastErrorObject: {
        n: matched > 0 || upserted !== undefined ? 1 : 0,
        updatedExisting: matched > 0,
        ...(upserted === undefined ? {} : { upserted }),
      },
      value: show(showNew ? after : before),
    });
  }
};

/** The whole answer is what a retry gets. */
const noteReply = (context: CommandContext, view: WriteView): ((reply: Document) => void) => {
  const note = noteInto(context, view, 0);
  return (reply) => {
    if (context.retry) context.retry.reply = reply;
    note({ n: 1, modified: 1 });
  };
};
