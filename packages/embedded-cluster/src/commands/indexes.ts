import { CommandError } from '../command-error.ts';
import { encode } from '../documents/codec.ts';
import { equalValues } from '../documents/compare.ts';
import { describeDocument } from '../documents/describe-value.ts';
import {
  type Document,
  documentOf,
  isDocument,
  toSafeInteger,
  type Value,
} from '../documents/value.ts';
import type { Operation } from '../operation/operation.ts';
import { type Collection, type Index, indexFromSpec, isIdKey } from '../storage/catalog.ts';
import { addToIndex, readRecord } from '../storage/document-writer.ts';
import { afterPrefix, collectionPrefix, recordIdOfDocumentKey } from '../storage/keys.ts';
import type { OpenTransaction } from '../storage/open-transaction.ts';
import type { LatestView } from '../storage/latest-view.ts';
import { collectionOrNew, onceUnheld } from '../writes/namespaces.ts';
import { writeViewOf } from '../writes/write-statements.ts';
import { arrayArgument, collectionArgument, EMPTY_DOCUMENT } from './arguments.ts';
import { batchSizeOf, whenUnused } from './collections.ts';
import type { Command, CommandContext } from './command.ts';
import { alreadyThere, cannotCreate, checkedSpec } from './index-specs.ts';
import { firstBatchReply, sourceOf } from './cursor-replies.ts';
import { withReadView } from './read-view.ts';

/** MongoDB's own limit for a collection. */
const INDEXES_MAX = 64;

export const createIndexes: Command = {
  name: 'createIndexes',
  kind: 'write',
  inTransaction: true,
  fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions', 'v'],
  run: async (context) => {
    const name = collectionArgument(context);
    const requested = (arrayArgument(context, 'indexes') ?? []).map(checkedSpec);
    if (requested.length === 0)
      throw new CommandError('BadValue', 'Must specify at least one index to create');
    refuseQuorum(context.body.get('commitQuorum'));
    const view = writeViewOf(context);
    const before = view.catalog.get(`${context.database}.${name}`);
    await onceUnheld(context, () => collectionOrNew(context, view, name));
    const namespace = `${context.database}.${name}`;
    const had = before?.indexes.length ?? 1;
    if (context.transaction)
      createInTransaction(context, context.transaction, namespace, requested);
    else await build(context, namespace, requested);
    const after = view.catalog.get(namespace)?.indexes.length ?? had;
    return documentOf({
      numIndexesBefore: had,
      numIndexesAfter: after,
      createdCollectionAutomatically: before === undefined,
      ...(after === had ? { note: 'all indexes already exist' } : {}),
    });
  },
};

/** A set of one member: what it is asked to wait for is done when that member is. */
const refuseQuorum = (quorum: Value): void => {
  if (quorum === undefined || quorum === 'majority' || quorum === 'votingMembers') return;
  const members = toSafeInteger(quorum);
  if (members === 0 || members === 1) return;
  throw new CommandError(
    'CommandNotSupported',
    'a commitQuorum of more than one member cannot be met by this engine',
  );
};

/** Only in a collection that the transaction itself has made: there is nothing to fill it from but what it inserts. */
const createInTransaction = (
  context: CommandContext,
  transaction: OpenTransaction,
  namespace: string,
  requested: readonly Document[],
): void => {
  for (const spec of requested) {
    const collection = transaction.collectionForWrite(namespace);
    if (!collection || alreadyThere(collection, spec)) continue;
    if (!transaction.hasCreated(namespace) || transaction.hasWrittenTo(collection.id)) {
      throw new CommandError(
        'OperationNotSupportedInTransaction',
        `Cannot create new indexes on existing collection ${namespace} in a multi-document transaction.`,
      );
    }
    const index = indexFromSpec(context.cluster.store.nextId(), spec, { building: false });
    transaction.saveCollection({ ...collection, indexes: [...collection.indexes, index] });
  }
};

const build = async (
  context: CommandContext,
  namespace: string,
  requested: readonly Document[],
): Promise<void> => {
  const { store } = context.cluster;
  const view = store.latest({ majority: context.writeConcern.majority });
  for (;;) {
    const collection = view.catalog.get(namespace);
    if (!collection) throw collectionDropped();
    await whenUnused(context, collection);
    const running = store.indexBuilds.get(collection.id);
    if (view.catalog.get(namespace) === collection && !running) break;
    // What another build makes is there only once it has succeeded.
    if (running) await context.operation.waitFor(running);
  }
  const collection = view.catalog.get(namespace);
  if (!collection) throw collectionDropped();
  const wanted = requested.filter((spec) => !alreadyThere(collection, spec));
  if (collection.indexes.length + wanted.length > INDEXES_MAX) {
    throw cannotCreate(
      `add index fails, too many indexes for ${namespace} key:${describeDocument(wanted[0]?.get('key') as Document)}`,
    );
  }
  if (wanted.length === 0) return;
  const indexes = wanted.map((spec) => indexFromSpec(store.nextId(), spec, { building: true }));
  assertAllDifferent(view, collection, indexes);
  const building = fillAll(context, view, collection, indexes);
  const ended = building.catch(() => undefined);
  store.indexBuilds.set(collection.id, ended);
  try {
    await building;
  } finally {
    store.indexBuilds.delete(collection.id);
  }
};

/** As MongoDB: an empty collection gets its indexes one after the other, another one all at once. */
const assertAllDifferent = (
  view: LatestView,
  collection: Collection,
  indexes: readonly Index[],
): void => {
  let grown = collection;
  for (const index of indexes) {
    if (alreadyThere(grown, index.spec)) {
      const start = collectionPrefix(collection.id);
      for (const { key } of view.range(start, afterPrefix(start))) {
        if (key.length > 0) {
          throw new CommandError(
            'OperationFailed',
            'Cannot build two identical indexes. Try again without duplicate indexes.',
          );
        }
      }
      throw new CommandError('IndexAlreadyExists', `Identical index already exists: ${index.name}`);
    }
    grown = { ...grown, indexes: [...grown.indexes, index] };
  }
};

const fillAll = async (
  context: CommandContext,
  view: LatestView,
  collection: Collection,
  indexes: readonly Index[],
): Promise<void> => {
  const { store } = context.cluster;
  const allOnDisk = store.commits.watch();
  const isOurs = ({ id }: Index): boolean => indexes.some((index) => index.id === id);
  // From here on every write makes its entries; what was there before is added bit by bit.
  view.saveCollection({ ...collection, indexes: [...collection.indexes, ...indexes] });
  try {
    for (const index of indexes) await fill(context, view, collection, index, context.operation);
    // Entries may be among what the disk refused.
    await allOnDisk();
    assertStillThere(view, collection, indexes);
  } catch (error) {
    replaceIndexes(view, collection, (one) => (isOurs(one) ? undefined : one));
    store.sweepSoon();
    // Otherwise transactions would begin with indexes that are gone, and conflict.
    await store.commits.settled().catch(() => undefined);
    throw error;
  }
  replaceIndexes(view, collection, (one) => (isOurs(one) ? { ...one, building: false } : one));
};

const fill = async (
  context: CommandContext,
  view: LatestView,
  built: Collection,
  index: Index,
  operation: Operation,
): Promise<void> => {
  const start = collectionPrefix(built.id);
  for (const { key } of view.range(start, afterPrefix(start))) {
    await onceUnheld(context, () => {
      const collection = assertStillThere(view, built, [index]);
      const record = readRecord(view, collection, recordIdOfDocumentKey(key));
      if (record) addToIndex(view, collection, index, record);
    });
    if (operation.dueToPause) await operation.pause();
    if (context.cluster.store.behind) await context.cluster.store.backpressure();
  }
};

/** Others may drop a collection or an index while that is being filled. */
const assertStillThere = (
  view: LatestView,
  { id, namespace }: Collection,
  indexes: readonly Index[],
): Collection => {
  const current = view.catalog.get(namespace);
  if (current?.id !== id) throw collectionDropped();
  const ids = new Set(current.indexes.map((index) => index.id));
  if (indexes.some((index) => !ids.has(index.id))) {
    throw new CommandError('IndexBuildAborted', 'Index build aborted: the index was dropped');
  }
  return current;
};

const collectionDropped = (): CommandError =>
  new CommandError('IndexBuildAborted', 'Index build aborted: the collection was dropped');

const replaceIndexes = (
  view: LatestView,
  { id, namespace }: Collection,
  replace: (index: Index) => Index | undefined,
): void => {
  const current = view.catalog.get(namespace);
  if (current?.id !== id) return;
  view.saveCollection({
    ...current,
    indexes: current.indexes.map(replace).filter((index): index is Index => index !== undefined),
  });
};

export const listIndexes: Command = {
  name: 'listIndexes',
  kind: 'read',
  fields: ['cursor', 'includeBuildUUIDs', 'includeIndexBuildInfo'],
  run: (context) =>
    withReadView(context, async (view) => {
      const namespace = `${context.database}.${collectionArgument(context)}`;
      const collection = view.catalog.get(namespace);
      if (!collection)
        throw new CommandError('NamespaceNotFound', `ns does not exist: ${namespace}`);
      return await firstBatchReply(context, {
        namespace,
        source: sourceOf(
          collection.indexes.filter(({ building }) => !building).map(({ spec }) => encode(spec)),
        ),
        batchSize: batchSizeOf(context),
      });
    }),
};

export const dropIndexes: Command = {
  name: 'dropIndexes',
  aliases: ['deleteIndexes'],
  kind: 'write',
  fields: ['index'],
  run: async (context) => {
    const namespace = `${context.database}.${collectionArgument(context)}`;
    const view = context.cluster.store.latest({ majority: context.writeConcern.majority });
    const found = view.catalog.get(namespace);
    if (!found) throw new CommandError('NamespaceNotFound', `ns not found ${namespace}`);
    await whenUnused(context, found);
    const collection = view.catalog.get(namespace);
    if (!collection) throw new CommandError('NamespaceNotFound', `ns not found ${namespace}`);
    const dropped = new Set(
      chosenIndexes(collection, context.body.get('index')).map(({ id }) => id),
    );
    replaceIndexes(view, collection, (index) => (dropped.has(index.id) ? undefined : index));
    context.cluster.store.sweepSoon();
    return documentOf({
      nIndexesWas: collection.indexes.length,
      ...(context.body.get('index') === '*'
        ? { msg: 'non-_id indexes dropped for collection' }
        : {}),
    });
  },
};

const chosenIndexes = (collection: Collection, wanted: Value): Index[] => {
  if (wanted === '*') return collection.indexes.filter(({ key }) => !isIdKey(key));
  const list = Array.isArray(wanted) ? wanted : [wanted];
  return list.map((one) => {
    const [index, another] = collection.indexes.filter((candidate) =>
      isDocument(one) ? equalValues(candidate.key, one) : candidate.name === one,
    );
    if (another) {
      throw new CommandError(
        'AmbiguousIndexKeyPattern',
        `indexes found for key: ${describeDocument(another.key)}, identify by name instead. Conflicting indexes: ${describeDocument(index?.spec ?? EMPTY_DOCUMENT)}, ${describeDocument(another.spec)}`,
      );
    }
    if (!index) {
      throw new CommandError(
        'IndexNotFound',
        isDocument(one)
          ? `can't find index with key: ${describeDocument(one)}`
          : `index not found with name [${typeof one === 'string' ? one : ''}]`,
      );
    }
    if (isIdKey(index.key)) throw new CommandError('InvalidOptions', 'cannot drop _id index');
    return index;
  });
};
