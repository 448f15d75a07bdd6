import { setImmediate as nextTurn } from 'node:timers/promises';
import { CommandError } from '../command-error.ts';
import { KIND, retryKey } from '../storage/keys.ts';
import type { Store } from '../storage/store.ts';
import { RetryRecord } from './retry-record.ts';
import { Session } from './session.ts';

/** As MongoDB tells its clients (logicalSessionTimeoutMinutes). */
export const SESSION_TIMEOUT_MS = 30 * 60 * 1000;

/** MongoDB's transactionLifetimeLimitSeconds. */
export const TRANSACTION_LIFETIME_MS = 60 * 1000;

/** Each open transaction keeps a snapshot, and each snapshot may take one of LMDB's reader slots. */
export const OPEN_TRANSACTIONS_MAX = 1000;

/** Stored records looked at before others may run. */
const PURGE_BATCH = 500;

/** All sessions that this process has heard of; what must survive it lies in the store. */
export class SessionRegistry {
  readonly #store: Store;
  readonly #nowMs: () => number;
  readonly #sessions = new Map<string, Session>();

  constructor(store: Store, nowMs: () => number) {
    this.#store = store;
    this.#nowMs = nowMs;
    // What sessions remember of their last writes may be ahead of what is on disk.
    store.onDiscarded(() => {
      this.forgetAll();
    });
  }

  get size(): number {
    return this.#sessions.size;
  }

  find(id: Buffer): Session | undefined {
    return this.#sessions.get(id.toString('hex'));
  }

  use(id: Buffer): Session {
    const key = id.toString('hex');
    let session = this.#sessions.get(key);
    if (!session) {
      session = new Session(id, this.#nowMs());
      this.#recall(session);
      this.#sessions.set(key, session);
    }
    session.lastUsedMs = this.#nowMs();
    return session;
  }

  all(): Iterable<Session> {
    return this.#sessions.values();
  }

  /**
   * One that is busy is only forgotten later, by its age: a retry must find the turn that it has to wait
   * for, and not a session that knows of none.
   */
  end(session: Session): void {
    session.abortTransaction();
    if (!session.busy) this.#sessions.delete(session.key);
  }

  /** Sessions are read from the store again when they are next used. */
  forgetAll(): void {
    for (const session of this.#sessions.values()) session.abortTransaction();
    this.#sessions.clear();
  }

  assertRoomForTransaction(): void {
    if (this.#store.transactions.size >= OPEN_TRANSACTIONS_MAX) {
      throw new CommandError(
        'ExceededTimeLimit',
        `more than ${OPEN_TRANSACTIONS_MAX.toString()} open transactions`,
        {
          labels: ['TransientTransactionError'],
        },
      );
    }
  }

  /** Ends transactions that have lived too long and sessions that nobody has used for half an hour. */
  expire(): void {
    const nowMs = this.#nowMs();
    for (const session of [...this.#sessions.values()]) {
      const { transaction } = session;
      if (
        transaction?.state === 'open' &&
        nowMs - transaction.startedMs > TRANSACTION_LIFETIME_MS
      ) {
        session.abortTransaction();
      }
      if (nowMs - session.lastUsedMs > SESSION_TIMEOUT_MS) this.end(session);
    }
  }

  /** Removes stored records that no client can ask for any more. */
  async purge(): Promise<void> {
    const view = this.#store.latest({ majority: false });
    const limitMs = this.#nowMs() - SESSION_TIMEOUT_MS;
    let from: Buffer = Buffer.of(KIND.retry);
    for (let more = true; more;) {
      more = false;
      let seen = 0;
      for (const { key, value } of view.range(from, Buffer.of(KIND.retry + 1))) {
        if (++seen > PURGE_BATCH) {
          from = key;
          more = true;
          break;
        }
        const known = this.#sessions.has(key.toString('hex', 1));
        if (!known && RetryRecord.decode(value).atMs < limitMs) view.remove(key);
      }
      if (more) await nextTurn();
    }
  }

  #recall(session: Session): void {
    const bytes = this.#store.latest({ majority: false }).get(retryKey(session.id));
    if (!bytes) return;
    const record = RetryRecord.decode(bytes);
    session.txnNumber = record.txnNumber;
    if (record.kind === 'transaction') session.transaction = { state: 'committed' };
    else session.retry = record;
  }
}
