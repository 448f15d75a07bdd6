import type { Batch, BatchLimits } from '../planner/query.ts';
import type { Operation } from '../operation/operation.ts';
import type { OpenTransaction } from '../storage/open-transaction.ts';

/** MongoDB's cursorTimeoutMillis. */
export const CURSOR_TIMEOUT_MS = 10 * 60 * 1000;

/** What a cursor goes on with: batch after batch. */
export interface BatchSource {
  next(operation: Operation, limits: BatchLimits): Promise<Batch>;
  /** The cursor is gone; nothing more will be asked. */
  close?(): void;
}

export interface ClientCursor {
  readonly id: bigint;
  readonly namespace: string;
  /** Only this session may go on with it. */
  readonly sessionKey: string | undefined;
  readonly transaction: OpenTransaction | undefined;
  /** A read at one moment says at each batch which one. */
  readonly source: BatchSource;
  /** However long nobody uses it; it still ends with its session. */
  readonly neverExpires: boolean;
  lastUsedMs: number;
  /** A batch is being made right now. */
  busy: boolean;
  closed: boolean;
}

/** All cursors that clients have open. */
export class CursorRegistry {
  readonly #cursors = new Map<bigint, ClientCursor>();
  readonly #nowMs: () => number;
  #nextId: bigint;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    // Ids of an earlier process must not mean anything to this one.
    this.#nextId = (BigInt(nowMs()) << 16n) + 1n;
  }

  get size(): number {
    return this.#cursors.size;
  }

  open(cursor: Omit<ClientCursor, 'id' | 'lastUsedMs' | 'busy' | 'closed'>): ClientCursor {
    const opened = {
      ...cursor,
      id: this.#nextId++,
      lastUsedMs: this.#nowMs(),
      busy: false,
      closed: false,
    };
    this.#cursors.set(opened.id, opened);
    return opened;
  }

  find(id: bigint): ClientCursor | undefined {
    const cursor = this.#cursors.get(id);
    if (cursor) cursor.lastUsedMs = this.#nowMs();
    return cursor;
  }

  close(id: bigint): boolean {
    const cursor = this.#cursors.get(id);
    if (!cursor) return false;
    this.#cursors.delete(id);
    cursor.closed = true;
    if (!cursor.busy) cursor.source.close?.();
    return true;
  }

  /** While `use` runs, the source stays open even if somebody closes the cursor. */
  async whileBusy<T>(cursor: ClientCursor, use: () => Promise<T>): Promise<T> {
    cursor.busy = true;
    try {
      return await use();
    } finally {
      cursor.busy = false;
      if (cursor.closed) cursor.source.close?.();
    }
  }

  closeAll(): void {
    for (const id of [...this.#cursors.keys()]) this.close(id);
  }

  closeOfSession(sessionKey: string): void {
    for (const cursor of [...this.#cursors.values()])
      if (cursor.sessionKey === sessionKey) this.close(cursor.id);
  }

  expire(): void {
    const limitMs = this.#nowMs() - CURSOR_TIMEOUT_MS;
    for (const cursor of [...this.#cursors.values()]) {
      const ended = cursor.transaction !== undefined && !cursor.transaction.open;
      const idle = !cursor.neverExpires && cursor.lastUsedMs < limitMs;
      if (!cursor.busy && (ended || idle)) this.close(cursor.id);
    }
  }
}
