import { badValue, CommandError } from '../command-error.ts';
import { encode } from '../documents/codec.ts';
import { equalValues } from '../documents/compare.ts';
import { compileFilter } from '../documents/filter.ts';
import {
  type Document,
  documentOf,
  isDocument,
  isNumber,
  isTruthy,
  toDouble,
  type Value,
} from '../documents/value.ts';
import type { Collection } from '../storage/catalog.ts';
import { catalogKey } from '../storage/keys.ts';
import type { LatestView } from '../storage/latest-view.ts';
import { onceUnheld } from '../writes/namespaces.ts';
import { writeViewOf } from '../writes/write-statements.ts';
import {
  EMPTY_DOCUMENT,
  collectionArgument,
  documentArgument,
  flagArgument,
  refuseCollation,
} from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { firstBatchReply, sourceOf } from './cursor-replies.ts';
import { withReadView } from './read-view.ts';

/** Options that mean a kind of collection this engine does not have. */
const REFUSED_OPTIONS = [
  'capped',
  'size',
  'max',
  'timeseries',
  'viewOn',
  'pipeline',
  'clusteredIndex',
  'encryptedFields',
  'changeStreamPreAndPostImages',
  'expireAfterSeconds',
  'validator',
  'validationLevel',
  'validationAction',
  'storageEngine',
  'indexOptionDefaults',
  'flags',
  'temp',
] as const;

export const create: Command = {
  name: 'create',
  kind: 'write',
  inTransaction: true,
  fields: [...REFUSED_OPTIONS, 'collation', 'autoIndexId', 'idIndex'],
  run: async (context) => {
    const name = collectionArgument(context);
    for (const option of REFUSED_OPTIONS) {
      if (context.body.has(option) && context.body.get(option) !== false) {
        throw beyond(option);
      }
    }
    if (context.body.get('autoIndexId') === false) throw beyond('autoIndexId: false');
    if (!isUsualIdIndex(context.body.get('idIndex'))) throw beyond('idIndex');
    refuseCollation(context.body.get('collation'));
    const view = writeViewOf(context);
    const namespace = `${context.database}.${name}`;
    await onceUnheld(context, () => {
      const existing = view.collectionForWrite(namespace);
      if (existing) {
        if (existing.options.size === 0 && !context.transaction) return;
        throw new CommandError('NamespaceExists', `Collection ${namespace} already exists.`);
      }
      const created = context.cluster.store.newCollection(context.database, name);
      view.claim(catalogKey(context.database, name));
      view.saveCollection(created);
    });
    return new Map();
  },
};

const beyond = (option: string): CommandError =>
  new CommandError('CommandNotSupported', `create.${option} is not supported by this engine`);

/** Every collection has this one; a client may say so. */
const isUsualIdIndex = (spec: Value): boolean => {
  if (spec === undefined) return true;
  if (!isDocument(spec)) return false;
  const allowed = new Set(['v', 'key', 'name', 'ns']);
  return (
    equalValues(spec.get('key'), documentOf({ _id: 1 })) &&
    [...spec.keys()].every((name) => allowed.has(name))
  );
};

/** A collection's shape changes only while no open transaction has written to it. */
export const whenUnused = async (
  context: CommandContext,
  collection: Collection,
): Promise<void> => {
  for (;;) {
    const user = [...context.cluster.store.transactions].find((one) =>
      one.hasWrittenTo(collection.id),
    );
    if (!user) return;
    await context.operation.waitFor(user.ended);
  }
};

export const drop: Command = {
  name: 'drop',
  kind: 'write',
  fields: [],
  run: async (context) => {
    const namespace = `${context.database}.${collectionArgument(context)}`;
    const view = context.cluster.store.latest({ majority: context.writeConcern.majority });
    const dropped = await dropCollection(context, view, namespace);
    return dropped ? documentOf({ nIndexesWas: dropped.indexes.length, ns: namespace }) : new Map();
  },
};

const dropCollection = async (
  context: CommandContext,
  view: LatestView,
  namespace: string,
): Promise<Collection | undefined> => {
  const found = view.catalog.get(namespace);
  if (found) await whenUnused(context, found);
  const dropped = await onceUnheld(context, () => {
    const collection = view.catalog.get(namespace);
    if (!collection) return undefined;
    view.claim(catalogKey(collection.database, collection.name));
    view.removeCollection(collection);
    return collection;
  });
  if (dropped) context.cluster.store.sweepSoon();
  return dropped;
};

export const dropDatabase: Command = {
  name: 'dropDatabase',
  kind: 'write',
  fields: [],
  run: async (context) => {
    const view = context.cluster.store.latest({ majority: context.writeConcern.majority });
    const collections = view.catalog.ofDatabase(context.database);
    for (const { namespace } of collections) await dropCollection(context, view, namespace);
    return collections.length > 0 ? documentOf({ dropped: context.database }) : new Map();
  },
};

export const listCollections: Command = {
  name: 'listCollections',
  kind: 'read',
  fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  run: (context) =>
    withReadView(context, async (view) => {
      const filter = compileFilter(documentArgument(context, 'filter') ?? EMPTY_DOCUMENT);
      const nameOnly = flagArgument(context, 'nameOnly');
      const listed = view.catalog
        .ofDatabase(context.database)
        .map((collection) => describeCollection(collection))
        .filter((description) => filter.matches(description))
        .map((description) => (nameOnly ? pick(description, ['name', 'type']) : description));
      return await firstBatchReply(context, {
        namespace: `${context.database}.$cmd.listCollections`,
        source: sourceOf(listed.map(encode)),
        batchSize: batchSizeOf(context),
      });
    }),
};

const describeCollection = (collection: Collection): Document =>
  documentOf({
    name: collection.name,
    type: 'collection',
    options: collection.options,
    info: { readOnly: false, uuid: collection.uuid },
    idIndex: collection.indexes[0]?.spec,
  });

const pick = (document: Document, names: readonly string[]): Document =>
  new Map([...document].filter(([name]) => names.includes(name)));

/** Of commands whose cursor options stand in a document of their own. */
export const batchSizeOf = (context: CommandContext): number | undefined => {
  const cursor = context.body.get('cursor');
  if (cursor === undefined) return undefined;
  if (!isDocument(cursor))
    throw new CommandError('TypeMismatch', 'cursor field must be missing or an object');
  const size = cursor.get('batchSize');
  if (size === undefined) return undefined;
  if (!isNumber(size) || toDouble(size) < 0)
    throw badValue('cursor.batchSize must be a non-negative number');
  return toDouble(size);
};

export const listDatabases: Command = {
  name: 'listDatabases',
  kind: 'read',
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run: (context) =>
    withReadView(context, (view) => {
      const filter = compileFilter(documentArgument(context, 'filter') ?? EMPTY_DOCUMENT);
      const nameOnly = isTruthy(context.body.get('nameOnly'));
      const databases = view.catalog
        .databases()
        .map((name) =>
          documentOf({ name, sizeOnDisk: sizeOf(view.catalog.ofDatabase(name)), empty: false }),
        )
        .filter((database) => filter.matches(database));
      return Promise.resolve(
        nameOnly
          ? documentOf({ databases: databases.map((database) => pick(database, ['name'])) })
          : documentOf({
              databases,
              totalSize: total(databases),
              totalSizeMb: Math.floor(total(databases) / 1024 / 1024),
            }),
      );
    }),
};

/** LMDB keeps no size by collection; one page for each index is the least that it can be. */
const sizeOf = (collections: readonly Collection[]): number =>
  collections.reduce((bytes, { indexes }) => bytes + 4096 * indexes.length, 0);

const total = (databases: readonly Document[]): number =>
  databases.reduce((bytes, database) => {
    const size = database.get('sizeOnDisk');
    return bytes + (isNumber(size) ? toDouble(size) : 0);
  }, 0);
