import { CommandError } from '../command-error.ts';
import { decode } from '../documents/codec.ts';
import { compareValues } from '../documents/compare.ts';
import { compileFilter } from '../documents/filter.ts';
import { encodeIndexKey } from '../documents/index-key.ts';
import { isArrayIndex } from '../documents/path.ts';
import { documentOf, isDocument, type Value } from '../documents/value.ts';
import { Query, type QueryRequest } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import { DOCUMENT_MAX_BYTES } from '../wire/limits.ts';
import {
  EMPTY_DOCUMENT,
  collectionArgument,
  documentArgument,
  refuseCollation,
  stringArgument,
} from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { withReadView } from './read-view.ts';
import { hintOf } from './statements.ts';
import { atClusterTime } from './find.ts';

export const distinct: Command = {
  name: 'distinct',
  kind: 'read',
  readConcerns: 'all',
  inTransaction: true,
  fields: ['key', 'query', 'collation', 'hint'],
  run: (context) =>
    withReadView(context, async (view) => {
      const collection = view.catalog.get(`${context.database}.${collectionArgument(context)}`);
      const key = stringArgument(context, 'key');
      if (key === undefined)
        throw new CommandError(40414, "BSON field 'distinct.key' is missing but a required field");
      const request = distinctRequest(context);
      const found = new Map<string, Value>();
      let bytes = 0;
      if (collection) {
        const parts = key.split('.');
        const query = new Query(view, collection, request(collection));
        await query.each(view, context.operation, (row) => {
          collect(row.document ?? decode(row.bytes), parts, 0, (value) => {
            const encoded = Buffer.from(encodeIndexKey(value)).toString('latin1');
            if (found.has(encoded)) return;
            found.set(encoded, value);
            bytes += encoded.length;
          });
          if (bytes > DOCUMENT_MAX_BYTES)
            throw new CommandError(17217, 'distinct too big, 16mb cap');
          return true;
        });
      }
      const values = [...found.values()].sort(compareValues);
      return new Map([...documentOf({ values }), ...(atClusterTime(context).extra ?? [])]);
    }),
};

export const distinctRequest = (
  context: CommandContext,
): ((collection: Collection) => QueryRequest) => {
  refuseCollation(context.body.get('collation'));
  const filter = compileFilter(documentArgument(context, 'query') ?? EMPTY_DOCUMENT);
  const hint = hintOf(context.body.get('hint'));
  return (collection) => ({ filter, hint: hint?.(collection), wantsDocuments: true });
};

/** The values at a path: arrays on the way and at the end are opened, once. */
const collect = (
  value: Value,
  parts: readonly string[],
  depth: number,
  add: (value: Value) => void,
): void => {
  if (depth === parts.length) {
    if (Array.isArray(value)) value.forEach(add);
    else if (value !== undefined) add(value);
    return;
  }
  const name = parts[depth] ?? '';
  if (isDocument(value)) {
    collect(value.get(name), parts, depth + 1, add);
  } else if (Array.isArray(value)) {
    // A number is a position, here, and never also a name in the array's documents.
    if (isArrayIndex(name)) collect(value[Number(name)], parts, depth + 1, add);
    else for (const element of value) if (isDocument(element)) collect(element, parts, depth, add);
  }
};
