import type { OpenTransaction } from '../storage/open-transaction.ts';
import type { RetryRecord } from './retry-record.ts';

export type SessionTransaction =
  | { readonly state: 'open'; readonly transaction: OpenTransaction; readonly startedMs: number }
  | { readonly state: 'committed' }
  | { readonly state: 'aborted' };

/** One logical session: what its newest txnNumber stands for. */
export class Session {
  readonly id: Buffer;
  /** The id as text, for maps. */
  readonly key: string;
  lastUsedMs: number;
  /** -1n before the first one. */
  txnNumber = -1n;
  /** Of a retryable write with `txnNumber`. */
  retry: RetryRecord | undefined;
  /** If `txnNumber` is a transaction's. */
  transaction: SessionTransaction | undefined;
  #turn: Promise<void> = Promise.resolve();
  #turns = 0;

  constructor(id: Buffer, nowMs: number) {
    this.id = id;
    this.key = id.toString('hex');
    this.lastUsedMs = nowMs;
  }

  /** A numbered command runs, or waits for its turn. */
  get busy(): boolean {
    return this.#turns > 0;
  }

  /** A retry must not run beside the attempt that it repeats, so numbered commands of a session take turns. */
  async inTurn<T>(run: () => Promise<T>): Promise<T> {
    const previous = this.#turn;
    let finished!: () => void;
    this.#turn = new Promise((resolve) => {
      finished = resolve;
    });
    this.#turns++;
    try {
      await previous;
      return await run();
    } finally {
      this.#turns--;
      finished();
    }
  }

  abortTransaction(): void {
    if (this.transaction?.state !== 'open') return;
    this.transaction.transaction.abort();
    this.transaction = { state: 'aborted' };
  }
}
