import { CommandError } from '../command-error.ts';
import type { CommandContext } from '../commands/command.ts';
import type { Collection } from '../storage/catalog.ts';
import { HeldByTransaction } from '../storage/conflicts.ts';
import { catalogKey } from '../storage/keys.ts';
import type { WriteView } from '../storage/view.ts';

/** Databases that are MongoDB's own; a client that writes there expects what this engine does not have. */
const RESERVED_IN_TRANSACTIONS = new Set(['admin', 'config', 'local']);

export const assertWritable = (context: CommandContext, collection: string): void => {
  if (collection.startsWith('system.')) {
    throw new CommandError(
      'InvalidNamespace',
      `cannot write to '${context.database}.${collection}'`,
    );
  }
  if (context.transaction && RESERVED_IN_TRANSACTIONS.has(context.database)) {
    throw new CommandError(
      'OperationNotSupportedInTransaction',
      `Cannot write to the ${context.database} database in a transaction.`,
    );
  }
};

/** The collection to write to, made now if it was not there: in the same step as the first document. */
export const collectionOrNew = (
  context: CommandContext,
  view: WriteView,
  name: string,
): Collection => {
  const existing = view.collectionForWrite(`${context.database}.${name}`);
  if (existing) return existing;
  const created = context.cluster.store.newCollection(context.database, name);
  view.claim(catalogKey(context.database, name));
  view.saveCollection(created);
  return created;
};

/** Runs a step that does not await; whenever it meets a key that a transaction holds, waits for that one and tries again. */
export const onceUnheld = async <T>(context: CommandContext, step: () => T): Promise<T> => {
  for (;;) {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof HeldByTransaction)) throw error;
      await context.operation.waitFor(error.ended);
    }
  }
};
