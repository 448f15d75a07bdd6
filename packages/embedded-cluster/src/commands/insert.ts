import { CommandError } from '../command-error.ts';
import { encode } from '../documents/codec.ts';
import { isDocument } from '../documents/value.ts';
import { insertDocument } from '../storage/document-writer.ts';
import { prepareInsert } from '../writes/insert-document.ts';
import { assertWritable, collectionOrNew, onceUnheld } from '../writes/namespaces.ts';
import { runStatements, sumOf, writeReply } from '../writes/write-statements.ts';
import { collectionArgument } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { assertBatchSize } from './statements.ts';

const INSERTED = { n: 1, modified: 0 };

export const insert: Command = {
  name: 'insert',
  kind: 'write',
  inTransaction: true,
  retryable: true,
  fields: ['documents', 'ordered', 'bypassDocumentValidation'],
  run: async (context) => {
    const name = collectionArgument(context);
    assertWritable(context, name);
    const documents = documentsOf(context);
    const outcome = await runStatements(context, documents.length, async (index, note, view) => {
      const raw = documents[index];
      if (!raw) return INSERTED;
      const { document, bytes } = prepareInsert(raw, context.cluster.store.clock.timestamp());
      return await onceUnheld(context, () => {
        insertDocument(view, collectionOrNew(context, view, name), document, bytes);
        note(INSERTED);
        return INSERTED;
      });
    });
    return writeReply(outcome, { n: sumOf(outcome, 'n') });
  },
};

const documentsOf = (context: CommandContext): readonly Buffer[] => {
  const sequence = context.sequences.get('documents');
  const listed = context.body.get('documents');
  if (!sequence && !(Array.isArray(listed) && listed.every(isDocument))) {
    throw new CommandError(40414, "BSON field 'insert.documents' is missing but a required field");
  }
  const documents = sequence ?? (listed as never[]).map((document) => encode(document) as Buffer);
  assertBatchSize(documents.length);
  return documents;
};
