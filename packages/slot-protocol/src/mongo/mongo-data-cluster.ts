import { MarqueeError } from '@marquee/errors';
import type { CollectionName } from '@marquee/topology';
import { MongoServerError, type Document, type Filter, type MongoClient } from 'mongodb';
import type { ClusterTransaction, DataCluster, PageRequest, ValueCount } from '../data-cluster.ts';
import type { Deadline } from '../deadline.ts';
import type { Fence } from '../fence.ts';
import type { FenceDigest } from '../fence-digest.ts';
import type { StoredDocument } from '../stored-document.ts';
import { REJECTED } from '../stored-names.ts';
import { collectionsOf, type ClusterCollections } from './cluster-collections.ts';
import { fromDriver } from './driver-errors.ts';
import { FENCE_DIGEST_PIPELINE, toFenceDigest } from './fence-digest-pipeline.ts';
import { buildIndexes, missingIndexes } from './index-builds.ts';
import { keepConnecting } from './keep-connecting.ts';
import { MongoTransaction } from './mongo-transaction.ts';
import { oneOf } from './one-of.ts';
import { openClient, type ClusterAddress, type ConnectionLimits } from './open-client.ts';
import { runTransaction } from './run-transaction.ts';
import { fromFence, toFence } from './stored-forms.ts';

/** MongoDB's NamespaceExists: somebody else created the collection first. */
const NAMESPACE_EXISTS = 48;

// A list or a count may read much: the server stops as well when nobody waits any more.
const serverTimeMs = (deadline: Deadline): number => Math.max(1, Math.ceil(deadline.remainingMs));

export interface MongoDataClusterOptions {
  readonly random: () => number;
  readonly connection?: ConnectionLimits;
}

/** A data cluster behind a connection string, over the official driver. Connects when first used. */
export class MongoDataCluster implements DataCluster {
  readonly name: string;
  readonly #client: MongoClient;
  readonly #close: () => Promise<void>;
  readonly #collections: ClusterCollections;
  readonly #random: () => number;

  constructor(address: ClusterAddress, { random, connection }: MongoDataClusterOptions) {
    this.name = address.name;
    this.#client = openClient(address, connection);
    this.#close = keepConnecting(this.#client);
    this.#collections = collectionsOf(this.#client);
    this.#random = random;
  }

  transaction<T>(
    work: (transaction: ClusterTransaction) => Promise<T>,
    deadline: Deadline,
  ): Promise<T> {
    return this.#answer(
      runTransaction(
        this.#client,
        (session) => work(new MongoTransaction(session, this.#collections)),
        deadline,
        this.#random,
      ),
    );
  }

  fences(slots: readonly number[] | 'all', deadline: Deadline): Promise<Fence[]> {
    return this.#read(deadline, async () => {
      const filter = slots === 'all' ? {} : { _id: oneOf(slots) };
      const found = await this.#collections.fences.find(filter).toArray();
      return found.map(toFence);
    });
  }

  fenceDigest(deadline: Deadline): Promise<FenceDigest> {
    return this.#read(deadline, async () =>
      toFenceDigest(await this.#collections.fences.aggregate(FENCE_DIGEST_PIPELINE).toArray()),
    );
  }

  documents(
    collection: CollectionName,
    ids: readonly string[],
    { deadline, projection }: { deadline: Deadline; projection?: Document },
  ): Promise<StoredDocument[]> {
    return this.#read(deadline, () =>
      this.#collections.documents[collection]
        .find(
          { _id: oneOf(ids) },
          // One batch: a second round trip would cost more than the documents.
          { batchSize: ids.length + 1, ...(projection && { projection }) },
        )
        .toArray(),
    );
  }

  page(
    collection: CollectionName,
    { filter, sort, limit, projection }: PageRequest,
    deadline: Deadline,
  ): Promise<StoredDocument[]> {
    return this.#read(deadline, () =>
      this.#collections.documents[collection]
        .find(filter, {
          sort: new Map(sort),
          limit,
          batchSize: limit + 1,
          maxTimeMS: serverTimeMs(deadline),
          ...(projection && { projection }),
        })
        .toArray(),
    );
  }

  count(
    collection: CollectionName,
    filter: Filter<StoredDocument>,
    deadline: Deadline,
  ): Promise<number> {
    return this.#read(deadline, () =>
      this.#collections.documents[collection].countDocuments(filter, {
        maxTimeMS: serverTimeMs(deadline),
      }),
    );
  }

  countBy(
    collection: CollectionName,
    { field, filter }: { readonly field: string; readonly filter: Filter<StoredDocument> },
    deadline: Deadline,
  ): Promise<ValueCount[]> {
    return this.#read(deadline, async () => {
      const groups = await this.#collections.documents[collection]
        .aggregate<{ _id: unknown; count: number }>(
          [{ $match: filter }, { $group: { _id: `$${field}`, count: { $sum: 1 } } }],
          { maxTimeMS: serverTimeMs(deadline) },
        )
        .toArray();
      return groups.map(({ _id, count }) => ({ value: _id, count }));
    });
  }

  async ping(deadline: Deadline): Promise<void> {
    await this.#read(deadline, () => this.#collections.main.command({ ping: 1 }));
  }

  stamp(deadline: Deadline): Promise<{ deployment: string; cluster: string } | null> {
    return this.#read(deadline, async () => {
      const found = await this.#collections.stamps.findOne({ _id: 'deployment' });
      return found === null ? null : { deployment: found.deployment, cluster: found.cluster };
    });
  }

  async ensureIndexes(deadline: Deadline): Promise<void> {
    const build = async (): Promise<void> => {
      await buildIndexes(this.#collections);
      await this.#createCollection(REJECTED);
    };
    await this.#answer(deadline.race(build()));
  }

  missingIndexes(deadline: Deadline): Promise<string[]> {
    return this.#read(deadline, () => missingIndexes(this.#collections));
  }

  async createFences(fences: readonly Fence[], deadline: Deadline): Promise<void> {
    if (fences.length === 0) return;
    const statements = fences.map((fence) => {
      const { _id, ...fields } = fromFence(fence);
      return { updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true } };
    });
    await this.#answer(deadline.race(this.#collections.fences.bulkWrite(statements)));
  }

  async close(): Promise<void> {
    await this.#close();
  }

  async #createCollection(name: string): Promise<void> {
    try {
      await this.#collections.slots.createCollection(name);
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== NAMESPACE_EXISTS) throw error;
    }
  }

  #read<T>(deadline: Deadline, work: () => Promise<T>): Promise<T> {
    // Nothing is sent for which nobody waits any more.
    if (deadline.expired) return Promise.reject(new MarqueeError('DEADLINE_EXCEEDED'));
    return this.#answer(deadline.race(work()));
  }

  async #answer<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw fromDriver(this.name, error);
    }
  }
}
