import { badValue, CommandError } from '../command-error.ts';
import type { BatchSource } from '../cursors/cursor-registry.ts';
import { compileFilter } from '../documents/filter.ts';
import { compileProjection } from '../documents/projection.ts';
import { compileSort } from '../documents/sort.ts';
import { type Document, documentOf, isNumber, toDouble } from '../documents/value.ts';
import { Query, type QueryRequest } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import type { DurableState } from '../storage/group-commit.ts';
import type { ReadView } from '../storage/view.ts';
import {
  EMPTY_DOCUMENT,
  collectionArgument,
  countArgument,
  documentArgument,
  flagArgument,
  refuseCollation,
} from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { firstBatchReply, sourceOf } from './cursor-replies.ts';
import { DurableView, withReadView } from './read-view.ts';
import { hintOf } from './statements.ts';
import { variablesOf } from './variables.ts';

export const find: Command = {
  name: 'find',
  kind: 'read',
  readConcerns: 'all',
  inTransaction: true,
  fields: [
    'filter',
    'sort',
    'projection',
    'hint',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'allowDiskUse',
    'noCursorTimeout',
    'allowPartialResults',
    'collation',
    'let',
    'tailable',
    'awaitData',
    'oplogReplay',
    'returnKey',
    'showRecordId',
    'min',
    'max',
  ],
  run: (context) =>
    withReadView(context, async (view) => {
      const name = collectionArgument(context);
      const namespace = `${context.database}.${name}`;
      const request = findRequest(context);
      const collection = view.catalog.get(namespace);
      const query = collection && new Query(view, collection, request(collection));
      const limit = countArgument(context, 'limit') ?? 0;
      const batchSize = countArgument(context, 'batchSize');
      return await firstBatchReply(context, {
        namespace,
        source: query ? querySource(context, view, collection, query) : sourceOf([]),
        batchSize:
          batchSize ?? (limit > 0 && flagArgument(context, 'singleBatch') ? limit : undefined),
        single: flagArgument(context, 'singleBatch'),
        neverExpires: flagArgument(context, 'noCursorTimeout'),
        ...atClusterTime(context),
      });
    }),
};

const refuseUnsupported = (context: CommandContext): void => {
  refuseCollation(context.body.get('collation'));
  for (const option of ['tailable', 'awaitData', 'returnKey', 'showRecordId'] as const) {
    if (!flagArgument(context, option)) continue;
    throw option === 'tailable' || option === 'awaitData'
      ? badValue('error processing query: tailable cursor requested on non capped collection')
      : new CommandError('CommandNotSupported', `find.${option} is not supported by this engine`);
  }
  for (const option of ['min', 'max']) {
    if ((documentArgument(context, option)?.size ?? 0) > 0) {
      throw new CommandError(
        'CommandNotSupported',
        `find.${option} is not supported by this engine`,
      );
    }
  }
};

/** What find and explain ask for; the hint is resolved once the collection is known. */
export const findRequest = (
  context: CommandContext,
): ((collection: Collection) => QueryRequest) => {
  refuseUnsupported(context);
  const variables = variablesOf(context);
  const filter = compileFilter(documentArgument(context, 'filter') ?? EMPTY_DOCUMENT, variables);
  const sortSpec = documentArgument(context, 'sort');
  const sort = sortSpec && sortSpec.size > 0 ? compileSort(sortSpec) : undefined;
  const fields = documentArgument(context, 'projection');
  const projection =
    fields && fields.size > 0 ? compileProjection(fields, filter, variables) : undefined;
  const hint = hintOf(context.body.get('hint'));
  const skip = countArgument(context, 'skip') ?? 0;
  const limit = countArgument(context, 'limit') ?? 0;
  return (collection) => ({
    filter,
    sort: sort && sort.fields.length > 0 ? sort : undefined,
    natural: naturalOf(sortSpec),
    skip,
    limit,
    projection,
    hint: hint?.(collection),
  });
};

const naturalOf = (sort: Document | undefined): 1 | -1 | undefined => {
  const natural = sort?.get('$natural');
  if (natural === undefined) return undefined;
  return isNumber(natural) && toDouble(natural) < 0 ? -1 : 1;
};

/**
 * Goes on over the newest state at each batch, from the place where it was, so that an idle cursor
 * holds nothing; one that reads at a moment, or in a transaction, stays there.
 */
export const querySource = (
  context: CommandContext,
  firstView: ReadView,
  collection: Collection,
  query: Query,
): BatchSource => {
  const { cluster, transaction } = context;
  const pinned = transaction ? undefined : pinnedState(context);
  pinned?.snapshot.retain();
  let first = true;
  return {
    next: async (operation, limits) => {
      if (first) {
        first = false;
        return await query.batch(firstView, operation, limits);
      }
      if (transaction) return await query.batch(transaction, operation, limits);
      const state = pinned ?? cluster.store.commits.durable;
      assertSameIndexes(state, collection, query);
      state.snapshot.retain();
      try {
        return await query.batch(new DurableView(state), operation, limits);
      } finally {
        state.snapshot.release();
      }
    },
    close: () => pinned?.snapshot.release(),
  };
};

const pinnedState = ({ cluster, readConcern }: CommandContext): DurableState | undefined => {
  if (readConcern.level !== 'snapshot') return undefined;
  return readConcern.atClusterTime
    ? cluster.pastStates.at(readConcern.atClusterTime)
    : cluster.pastStates.pinCurrent().state;
};

const assertSameIndexes = (state: DurableState, collection: Collection, query: Query): void => {
  const now = state.catalog.get(collection.namespace);
  if (now?.id !== collection.id) {
    throw new CommandError(
      'QueryPlanKilled',
      `collection dropped. UUID ${collection.uuid.toString()}`,
    );
  }
  const { plan } = query;
  if (plan.stage === 'IXSCAN' && !now.indexes.some(({ id }) => id === plan.index.id)) {
    throw new CommandError('QueryPlanKilled', `index '${plan.index.name}' dropped`);
  }
};

/** A read with `snapshot` outside of a transaction says at what moment it read. */
export const atClusterTime = (context: CommandContext): { extra?: Document } => {
  if (context.transaction || context.readConcern.level !== 'snapshot') return {};
  const time = context.readConcern.atClusterTime ?? context.cluster.pastStates.pinCurrent().time;
  return { extra: documentOf({ atClusterTime: time }) };
};
