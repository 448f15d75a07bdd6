import type { Long } from 'bson';
import { badValue, CommandError, typeMismatch } from '../command-error.ts';
import { bsonTag, documentOf, isNumber, isTruthy, type Value } from '../documents/value.ts';
import { BATCH_MAX_BYTES } from '../wire/limits.ts';
import { arrayArgument, countArgument, stringArgument } from './arguments.ts';
import type { Command } from './command.ts';
import { nextBatchReply } from './cursor-replies.ts';

const cursorIdOf = (value: Value): bigint => {
  if (bsonTag(value) !== 'Long')
    throw typeMismatch("BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
  return (value as Long).toBigInt();
};

const cursorNotFound = (id: bigint): CommandError =>
  new CommandError('CursorNotFound', `cursor id ${id.toString()} not found`);

export const getMore: Command = {
  name: 'getMore',
  kind: 'read',
  readConcerns: 'all',
  inTransaction: true,
  fields: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'],
  run: async (context) => {
    const { cluster, body, operation, session, transaction } = context;
    const id = cursorIdOf(body.get('getMore'));
    const namespace = `${context.database}.${stringArgument(context, 'collection') ?? ''}`;
    const batchSize = countArgument(context, 'batchSize');
    if (isNumber(body.get('maxTimeMS')) && isTruthy(body.get('maxTimeMS')))
      throw badValue('cannot set maxTimeMS on getMore command for a non-awaitData cursor');
    const cursor = cluster.cursors.find(id);
    if (!cursor) throw cursorNotFound(id);
    if (cursor.namespace !== namespace) {
      throw new CommandError(
        'Unauthorized',
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    if (cursor.sessionKey !== session?.key) {
      throw new CommandError(
        50738,
        `Cannot run getMore on cursor ${id.toString()}, which was ${cursor.sessionKey ? 'created in session' : 'not created in a session'} ${cursor.sessionKey ?? ''}, in another session`,
      );
    }
    if (cursor.transaction !== transaction) {
      throw new CommandError(
        cursor.transaction ? 50740 : 50741,
        `Cannot run getMore on cursor ${id.toString()}, which was ${cursor.transaction ? '' : 'not '}created in a transaction`,
      );
    }
    if (cursor.busy)
      throw new CommandError('CursorInUse', `cursor id ${id.toString()} is already in use`);
    return await cluster.cursors.whileBusy(cursor, async () => {
      try {
        const batch = await cursor.source.next(operation, {
          documentsMax: batchSize === undefined || batchSize === 0 ? Infinity : batchSize,
          bytesMax: BATCH_MAX_BYTES,
        });
        if (batch.exhausted) cluster.cursors.close(id);
        return nextBatchReply(cursor, batch.documents, batch.exhausted);
      } catch (error) {
        cluster.cursors.close(id);
        throw error;
      }
    });
  },
};

export const killCursors: Command = {
  name: 'killCursors',
  kind: 'read',
  inTransaction: true,
  fields: ['cursors'],
  run: (context) => {
    const killed: Value[] = [];
    const notFound: Value[] = [];
    for (const value of arrayArgument(context, 'cursors') ?? []) {
      (context.cluster.cursors.close(cursorIdOf(value)) ? killed : notFound).push(value);
    }
    return documentOf({
      cursorsKilled: killed,
      cursorsNotFound: notFound,
      cursorsAlive: [],
      cursorsUnknown: [],
    });
  },
};
