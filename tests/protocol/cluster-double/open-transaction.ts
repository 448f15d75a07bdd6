import { ServerError } from './server-errors.ts';
import type { VersionedTable } from './versioned-table.ts';

/** Which open transaction holds the right to write a key until it ends. */
export type WriteIntents = Map<VersionedTable<unknown>, Map<string, OpenTransaction>>;

/**
 * A transaction at the server, as MongoDB's storage engine has it: reads see the snapshot and the own
 * writes; a write fails at once if another transaction is writing the key, or has committed it since
 * the snapshot. What is only read conflicts with nobody.
 */
export class OpenTransaction {
  readonly id: string;
  readonly snapshot: number;
  readonly beganAtMs: number;
  readonly #intents: WriteIntents;
  readonly #written = new Map<VersionedTable<unknown>, Map<string, unknown>>();

  constructor(id: string, snapshot: number, beganAtMs: number, intents: WriteIntents) {
    this.id = id;
    this.snapshot = snapshot;
    this.beganAtMs = beganAtMs;
    this.#intents = intents;
  }

  read<Value>(table: VersionedTable<Value>, key: string): Value | undefined {
    const own = this.#written.get(table as VersionedTable<unknown>);
    if (own?.has(key) === true) return own.get(key) as Value | undefined;
    return table.at(key, this.snapshot);
  }

  /** All values, in no particular order. */
  all<Value>(table: VersionedTable<Value>): Value[] {
    const values: Value[] = [];
    for (const key of table.keys()) {
      const value = this.read(table, key);
      if (value !== undefined) values.push(value);
    }
    for (const key of this.#written.get(table as VersionedTable<unknown>)?.keys() ?? []) {
      if (table.has(key)) continue;
      const value = this.read(table, key);
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  /** @throws ServerError conflict; the transaction is over then. */
  write<Value>(table: VersionedTable<Value>, key: string, value: Value | undefined): void {
    const untyped = table as VersionedTable<unknown>;
    const intents = this.#intents.get(untyped) ?? new Map<string, OpenTransaction>();
    this.#intents.set(untyped, intents);
    const holder = intents.get(key);
    if ((holder !== undefined && holder !== this) || table.lastChange(key) > this.snapshot) {
      throw new ServerError('conflict', `${this.id} on ${key}`);
    }
    intents.set(key, this);
    const written = this.#written.get(untyped) ?? new Map<string, unknown>();
    written.set(key, value);
    this.#written.set(untyped, written);
  }

  get writes(): readonly { table: VersionedTable<unknown>; key: string; value: unknown }[] {
    return [...this.#written].flatMap(([table, entries]) =>
      [...entries].map(([key, value]) => ({ table, key, value })),
    );
  }

  /** Gives back the right to write. */
  release(): void {
    for (const [table, entries] of this.#written) {
      for (const key of entries.keys()) this.#intents.get(table)?.delete(key);
    }
  }
}
