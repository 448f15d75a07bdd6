import { compileFilter } from '../documents/filter.ts';
import { documentOf, isNumber, toDouble } from '../documents/value.ts';
import type { Operation } from '../operation/operation.ts';
import { Query, type QueryRequest } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import { afterPrefix, indexPrefix } from '../storage/keys.ts';
import type { ReadView } from '../storage/view.ts';
import {
  EMPTY_DOCUMENT,
  collectionArgument,
  countArgument,
  documentArgument,
  refuseCollation,
} from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { withReadView } from './read-view.ts';
import { hintOf } from './statements.ts';

export const count: Command = {
  name: 'count',
  kind: 'read',
  readConcerns: 'all but snapshot',
  fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields'],
  run: (context) =>
    withReadView(context, async (view) => {
      const collection = view.catalog.get(`${context.database}.${collectionArgument(context)}`);
      const request = countRequest(context);
      if (!collection) return documentOf({ n: 0 });
      const asked = request(collection);
      const { filter, skip = 0, limit = 0, hint } = asked;
      if (filter.source.size === 0 && !hint) {
        const all = Math.max(0, (await countAll(view, collection, context.operation)) - skip);
        return documentOf({ n: limit === 0 ? all : Math.min(all, limit) });
      }
      const query = new Query(view, collection, asked);
      return documentOf({ n: await query.count(view, context.operation) });
    }),
};

export const countRequest = (
  context: CommandContext,
): ((collection: Collection) => QueryRequest) => {
  refuseCollation(context.body.get('collation'));
  const filter = compileFilter(documentArgument(context, 'query') ?? EMPTY_DOCUMENT);
  const skip = countArgument(context, 'skip') ?? 0;
  const given = context.body.get('limit');
  // A negative limit means the same as its positive.
  const limit = isNumber(given) ? Math.abs(toDouble(given)) : 0;
  const hint = hintOf(context.body.get('hint'));
  return (collection) => ({ filter, skip, limit, hint: hint?.(collection) });
};

/** Every document has exactly one entry in the `_id` index, and those are small. */
export const countAll = async (
  view: ReadView,
  collection: Collection,
  operation: Operation,
): Promise<number> => {
  const [idIndex] = collection.indexes;
  if (!idIndex) return 0;
  const start = indexPrefix(idIndex.id);
  let total = 0;
  for (const { key } of view.range(start, afterPrefix(start))) {
    if (key.length > 0) total++;
    if (operation.dueToPause) await operation.pause();
  }
  return total;
};
