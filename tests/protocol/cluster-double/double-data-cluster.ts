import { MarqueeError } from '@marquee/errors';
import {
  ClusterUnreachable,
  digestOf,
  sleep,
  type ClusterTransaction,
  type DataCluster,
  type Deadline,
  type Fence,
  type FenceDigest,
  type PageRequest,
  type StoredDocument,
} from '@marquee/slot-protocol';
import type { CollectionName } from '@marquee/topology';
import type { ClusterServer } from './cluster-server.ts';
import { DoubleTransaction } from './double-transaction.ts';
import { matchesFilter } from './matches-filter.ts';
import { inOrder, projected } from './result-shape.ts';
import { isServerError, ServerError } from './server-errors.ts';

/** Where statements go: to the server at once, or over a network that may lose them. */
export interface ServerLink {
  /** @throws ServerError connection-lost, or what `execute` throws. */
  call<T>(what: string, execute: (server: ClusterServer) => T): Promise<T>;
}

/** As in the driver's `withTransaction`: short pauses, growing. */
const RETRY_PAUSE_FIRST_MS = 5;
const RETRY_PAUSE_MAX_MS = 500;

/** A data cluster of the simulation, as one process sees it. */
export class DoubleDataCluster implements DataCluster {
  readonly name: string;
  readonly #link: ServerLink;
  readonly #random: () => number;
  readonly #newTransactionId: () => string;

  constructor(
    name: string,
    link: ServerLink,
    options: { random: () => number; newTransactionId: () => string },
  ) {
    this.name = name;
    this.#link = link;
    this.#random = options.random;
    this.#newTransactionId = options.newTransactionId;
  }

  transaction<T>(
    work: (transaction: ClusterTransaction) => Promise<T>,
    deadline: Deadline,
  ): Promise<T> {
    return this.#answer(deadline.race(this.#untilCommitted(work, deadline)));
  }

  fences(slots: readonly number[] | 'all', deadline: Deadline): Promise<Fence[]> {
    return this.#read('fences', deadline, (server) =>
      server.read((statements) =>
        slots === 'all' ? server.allFences() : statements.fences(slots),
      ),
    );
  }

  fenceDigest(deadline: Deadline): Promise<FenceDigest> {
    return this.#read('digest of fences', deadline, (server) => digestOf(server.allFences()));
  }

  documents(
    collection: CollectionName,
    ids: readonly string[],
    { deadline, projection }: Parameters<DataCluster['documents']>[2],
  ): Promise<StoredDocument[]> {
    return this.#read(`${collection} by id`, deadline, (server) =>
      server
        .read((statements) => statements.documents(collection, ids))
        .map((document) => projected(document, projection)),
    );
  }

  page(
    collection: CollectionName,
    { filter, sort, limit, projection }: PageRequest,
    deadline: Deadline,
  ): Promise<StoredDocument[]> {
    return this.#read(`page of ${collection}`, deadline, (server) =>
      server
        .allDocuments(collection)
        .filter((document) => matchesFilter(document, filter))
        .sort(inOrder(sort))
        .slice(0, limit === 0 ? undefined : limit)
        .map((document) => projected(document, projection)),
    );
  }

  count(
    collection: CollectionName,
    filter: PageRequest['filter'],
    deadline: Deadline,
  ): Promise<number> {
    return this.#read(
      `count of ${collection}`,
      deadline,
      (server) =>
        server.allDocuments(collection).filter((document) => matchesFilter(document, filter))
          .length,
    );
  }

  countBy(): Promise<never> {
    throw new TypeError('nobody counts by value here');
  }

  async ping(deadline: Deadline): Promise<void> {
    await this.#read('ping', deadline, () => undefined);
  }

  stamp(deadline: Deadline): Promise<{ deployment: string; cluster: string } | null> {
    return this.#read('stamp', deadline, ({ stamp }) => stamp);
  }

  async ensureIndexes(deadline: Deadline): Promise<void> {
    await this.#read('indexes', deadline, () => undefined);
  }

  missingIndexes(deadline: Deadline): Promise<string[]> {
    return this.#read('list of indexes', deadline, () => []);
  }

  async createFences(fences: readonly Fence[], deadline: Deadline): Promise<void> {
    await this.#read('create fences', deadline, (server) => server.createFences(fences));
  }

  async close(): Promise<void> {
    // Nothing to give back.
  }

  async #untilCommitted<T>(
    work: (transaction: ClusterTransaction) => Promise<T>,
    deadline: Deadline,
  ): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      if (attempt > 0) {
        const pauseMs = Math.min(RETRY_PAUSE_FIRST_MS * 1.5 ** attempt, RETRY_PAUSE_MAX_MS);
        await sleep(this.#random() * pauseMs, deadline.clock);
      }
      throwIfLate(deadline);
      const id = this.#newTransactionId();
      const abort = (): Promise<void> =>
        this.#link.call('abort', (server) => server.abort(id)).catch(() => undefined);
      try {
        const transaction = new DoubleTransaction(id, this.#link);
        const result = await work(transaction);
        throwIfLate(deadline);
        if (transaction.hasBegun) await this.#commit(id, deadline);
        return result;
      } catch (error) {
        if (isServerError(error, 'connection-lost')) {
          void abort();
          throw error;
        }
        await abort();
        if (!isServerError(error, 'conflict', 'no-transaction')) throw error;
      }
    }
  }

  /** Until its outcome is known: the server knows the transaction by its id. */
  async #commit(id: string, deadline: Deadline): Promise<void> {
    for (;;) {
      try {
        await this.#link.call('commit', (server) => server.commit(id));
        return;
      } catch (error) {
        if (!isServerError(error, 'connection-lost') || deadline.expired) throw error;
        await sleep(RETRY_PAUSE_FIRST_MS, deadline.clock);
      }
    }
  }

  #read<T>(what: string, deadline: Deadline, execute: (server: ClusterServer) => T): Promise<T> {
    if (deadline.expired) return Promise.reject(new MarqueeError('DEADLINE_EXCEEDED'));
    return this.#answer(deadline.race(this.#link.call(what, execute)));
  }

  async #answer<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof ServerError && error.kind !== 'duplicate-key') {
        throw new ClusterUnreachable(this.name, { cause: error });
      }
      throw error;
    }
  }
}

const throwIfLate = (deadline: Deadline): void => {
  if (deadline.expired) throw new MarqueeError('DEADLINE_EXCEEDED');
};
