import { Int32, Long } from 'bson';
import { decode, encode } from '../documents/codec.ts';
import { type Document, toSafeInteger, type Value } from '../documents/value.ts';

/** What one statement of a write command answered. */
export interface StatementResult {
  readonly n: number;
  readonly modified: number;
  readonly upserted?: Value;
}

interface Run extends StatementResult {
  readonly from: number;
  readonly count: number;
}

/**
 * What a session's newest retryable write has done so far, statement by statement, or that its newest
 * transaction was committed. Stored in the same group as the writes themselves, so a retry after any
 * crash meets either both or neither.
 */
export class RetryRecord {
  readonly txnNumber: bigint;
  readonly kind: 'writes' | 'transaction';
  /** When it was last stored. */
  atMs = 0;
  /** Of findAndModify: the answer itself. */
  reply: Document | undefined;
  /** Neighbouring statements with equal results are kept as one. */
  readonly #runs: Run[] = [];

  constructor(txnNumber: bigint, kind: 'writes' | 'transaction') {
    this.txnNumber = txnNumber;
    this.kind = kind;
  }

  resultOf(statement: number): StatementResult | undefined {
    return this.#runs.find(({ from, count }) => statement >= from && statement < from + count);
  }

  note(statement: number, result: StatementResult): void {
    const last = this.#runs.at(-1);
    const continues =
      last &&
      last.upserted === undefined &&
      result.upserted === undefined &&
      last.from + last.count === statement &&
      last.n === result.n &&
      last.modified === result.modified;
    if (continues) this.#runs[this.#runs.length - 1] = { ...last, count: last.count + 1 };
    else this.#runs.push({ ...result, from: statement, count: 1 });
  }

  encode(nowMs: number): Buffer {
    const stored: Document = new Map<string, Value>([
      ['txnNumber', Long.fromBigInt(this.txnNumber)],
      ['kind', this.kind],
      ['at', new Date(nowMs)],
      ['runs', this.#runs.map(encodeRun)],
    ]);
    if (this.reply) stored.set('reply', this.reply);
    return encode(stored) as Buffer;
  }

  static decode(bytes: Buffer): RetryRecord {
    const stored = decode(bytes);
    const record = new RetryRecord(
      (stored.get('txnNumber') as Long).toBigInt(),
      stored.get('kind') === 'transaction' ? 'transaction' : 'writes',
    );
    record.atMs = (stored.get('at') as Date).getTime();
    record.reply = stored.get('reply') as Document | undefined;
    for (const run of stored.get('runs') as Document[]) {
      const upserted = run.get('upserted');
      record.#runs.push({
        from: toSafeInteger(run.get('from')) ?? 0,
        count: toSafeInteger(run.get('count')) ?? 0,
        n: toSafeInteger(run.get('n')) ?? 0,
        modified: toSafeInteger(run.get('modified')) ?? 0,
        ...(upserted === undefined ? {} : { upserted }),
      });
    }
    return record;
  }
}

const encodeRun = ({ from, count, n, modified, upserted }: Run): Document => {
  const run: Document = new Map<string, Value>([
    ['from', new Int32(from)],
    ['count', new Int32(count)],
    ['n', new Int32(n)],
    ['modified', new Int32(modified)],
  ]);
  if (upserted !== undefined) run.set('upserted', upserted);
  return run;
};
