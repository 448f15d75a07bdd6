import type { Fence, OperationRecord, StoredDocument } from '@marquee/slot-protocol';
import type { CollectionName } from '@marquee/topology';
import { emptyTables, fenceKey, type ClusterTables } from './cluster-tables.ts';
import { frozenCopy } from './frozen-copy.ts';
import { OpenTransaction, type WriteIntents } from './open-transaction.ts';
import { ServerError } from './server-errors.ts';
import { TransactionStatements, type Statements } from './statements.ts';
import type { VersionedTable } from './versioned-table.ts';

export interface ClusterServerOptions {
  readonly name: string;
  /** The server's own clock, for the life time of transactions. */
  readonly nowMs: () => number;
  /** A transaction whose client has gone is aborted after this long: MongoDB's default. */
  readonly transactionLifetimeMs?: number;
  /** Told of every commit that changed something, with the slots concerned. */
  readonly onCommit?: (slots: ReadonlySet<number>) => void;
}

/** MongoDB's `transactionLifetimeLimitSeconds`. */
export const TRANSACTION_LIFETIME_MS = 60_000;

/**
 * A whole MongoDB deployment in memory, as far as the protocol can see it: snapshot transactions that
 * conflict on what they write, elections that abort them, and nothing lost that was committed.
 * Everything here happens at once; what takes time is the network before it.
 */
export class ClusterServer {
  readonly name: string;
  /** Whose cluster it is. */
  stamp: { readonly deployment: string; readonly cluster: string } | null = null;
  readonly #options: ClusterServerOptions;
  readonly #open = new Map<string, OpenTransaction>();
  readonly #committed = new Set<string>();
  readonly #intents: WriteIntents = new Map();
  #tables = emptyTables();
  #lastCommit = 0;
  #rejectedCount = 0;

  constructor(options: ClusterServerOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** One statement of a transaction; the first one takes the snapshot. An error ends it. */
  execute<T>(id: string, isFirst: boolean, statement: (statements: Statements) => T): T {
    this.#abortForgotten();
    if (isFirst) this.#begin(id);
    const transaction = this.#open.get(id);
    if (transaction === undefined) throw new ServerError('no-transaction', id);
    try {
      return statement(this.#statements(transaction));
    } catch (error) {
      this.abort(id);
      throw error;
    }
  }

  /** Can be repeated: a transaction that is committed stays so. */
  commit(id: string): void {
    this.#abortForgotten();
    if (this.#committed.has(id)) return;
    const transaction = this.#open.get(id);
    if (transaction === undefined) throw new ServerError('no-transaction', id);
    this.#open.delete(id);
    transaction.release();
    this.#committed.add(id);
    this.#apply(transaction);
  }

  abort(id: string): void {
    this.#open.get(id)?.release();
    this.#open.delete(id);
  }

  /** A statement outside of transactions: sees what is committed. */
  read<T>(statement: (statements: Statements) => T): T {
    return statement(this.#statements(this.#snapshot('read')));
  }

  fenceOf(slot: number): Fence | undefined {
    return this.#tables.fences.at(fenceKey(slot), this.#lastCommit);
  }

  allFences(): Fence[] {
    return this.#snapshot('read').all(this.#tables.fences);
  }

  allDocuments(collection: CollectionName): StoredDocument[] {
    return this.#snapshot('read').all(this.#tables.documents[collection]);
  }

  allRecords(): OperationRecord[] {
    return this.#snapshot('read').all(this.#tables.records);
  }

  /** Creates those that are missing. */
  createFences(fences: readonly Fence[]): void {
    const { fences: table } = this.#tables;
    const transaction = this.#snapshot('create fences');
    for (const fence of fences) {
      const key = fenceKey(fence.slot);
      if (transaction.read(table, key) === undefined) {
        transaction.write(table, key, frozenCopy(fence));
      }
    }
    transaction.release();
    this.#apply(transaction);
  }

  /** Documents that are there before anything begins. */
  load(collection: CollectionName, documents: readonly StoredDocument[]): void {
    const transaction = this.#snapshot('load');
    this.#statements(transaction).replaceDocuments(collection, documents);
    transaction.release();
    this.#apply(transaction);
  }

  /** A new primary: open transactions are gone, everything committed is there. */
  elect(): void {
    for (const id of [...this.#open.keys()]) this.abort(id);
  }

  /** Raises the number and answers what it was before: a probe of a leader. */
  beat(): number {
    const before = this.#tables.heartbeat;
    this.#tables.heartbeat += 1;
    return before;
  }

  get heartbeat(): number {
    return this.#tables.heartbeat;
  }

  /** What is committed at this moment, for backups. */
  backup(): ClusterTables {
    const copy = emptyTables();
    copy.heartbeat = this.#tables.heartbeat;
    const from = tablesOf(this.#tables);
    tablesOf(copy).forEach((table, index) => {
      for (const key of from[index]?.keys() ?? []) {
        const value = from[index]?.at(key, this.#lastCommit);
        if (value !== undefined) table.set(key, value, 0, 0);
      }
    });
    return copy;
  }

  /** The cluster as it was when the backup was made. */
  restore(backup: ClusterTables): void {
    this.elect();
    this.#intents.clear();
    this.#committed.clear();
    this.#tables = backup;
    this.#lastCommit = 0;
    this.#options.onCommit?.(new Set([...backup.fences.keys()].map(Number)));
  }

  #begin(id: string): void {
    const { nowMs } = this.#options;
    this.#open.set(id, new OpenTransaction(id, this.#lastCommit, nowMs(), this.#intents));
  }

  #snapshot(id: string): OpenTransaction {
    return new OpenTransaction(id, this.#lastCommit, this.#options.nowMs(), this.#intents);
  }

  #statements(transaction: OpenTransaction): Statements {
    return new TransactionStatements(transaction, this.#tables, () => {
      this.#rejectedCount += 1;
      return String(this.#rejectedCount);
    });
  }

  #apply(transaction: OpenTransaction): void {
    const { writes } = transaction;
    if (writes.length === 0) return;
    const slots = new Set(writes.flatMap((write) => this.#slotOf(write)));
    this.#lastCommit += 1;
    const oldest = Math.min(
      this.#lastCommit,
      ...[...this.#open.values()].map(({ snapshot }) => snapshot),
    );
    for (const { table, key, value } of writes) table.set(key, value, this.#lastCommit, oldest);
    this.#options.onCommit?.(slots);
  }

  #slotOf({ table, key, value }: OpenTransaction['writes'][number]): number[] {
    const { fences, records, operationIds } = this.#tables;
    const keyed: readonly unknown[] = [fences, records, operationIds];
    if (keyed.includes(table)) return [Number.parseInt(key, 10)];
    const document = (value ?? table.at(key, this.#lastCommit)) as StoredDocument | undefined;
    return document === undefined ? [] : [document.slot];
  }

  #abortForgotten(): void {
    const { nowMs, transactionLifetimeMs = TRANSACTION_LIFETIME_MS } = this.#options;
    for (const { id, beganAtMs } of [...this.#open.values()]) {
      if (nowMs() - beganAtMs > transactionLifetimeMs) this.abort(id);
    }
  }
}

const tablesOf = (tables: ClusterTables): VersionedTable<unknown>[] =>
  [
    tables.fences,
    tables.records,
    tables.operationIds,
    tables.rejected,
    ...Object.values(tables.documents),
  ] as VersionedTable<unknown>[];
