import { CommandError } from '../command-error.ts';
import type { KeyText } from './memtable.ts';

/** Who holds a key until the end of its transaction. */
export interface Holder {
  readonly ended: Promise<void>;
  readonly snapshotSequence: number;
}

/** Thrown by a write outside of transactions that met a key held by one: wait, then try again. */
export class HeldByTransaction extends Error {
  readonly ended: Promise<void>;

  constructor(ended: Promise<void>) {
    super('held by an open transaction');
    this.ended = ended;
  }
}

export const writeConflict = (): CommandError =>
  new CommandError(
    'WriteConflict',
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
    { labels: ['TransientTransactionError'] },
  );

/**
 * Write-write conflicts only, as in MongoDB: the keys that open transactions hold, and when each
 * recently written key was written, for as long as some transaction may have begun before that.
 */
export class Conflicts {
  readonly #holders = new Map<KeyText, Holder>();
  readonly #lastWrite = new Map<KeyText, number>();
  readonly #open = new Set<Holder>();
  /** Claimed keys by the group that they were written in, oldest first. */
  #groups: { sequence: number; keys: KeyText[] }[] = [];

  open(holder: Holder): void {
    this.#open.add(holder);
  }

  /** For a write outside of transactions. */
  claim(text: KeyText, sequence: number): void {
    const holder = this.#holders.get(text);
    if (holder) throw new HeldByTransaction(holder.ended);
    this.wrote(text, sequence);
  }

  claimFor(holder: Holder, text: KeyText): void {
    const other = this.#holders.get(text);
    if (other === holder) return;
    if (other || (this.#lastWrite.get(text) ?? 0) > holder.snapshotSequence) throw writeConflict();
    this.#holders.set(text, holder);
  }

  wrote(text: KeyText, sequence: number): void {
    this.#lastWrite.set(text, sequence);
    const group = this.#groups.at(-1);
    if (group?.sequence === sequence) group.keys.push(text);
    else this.#groups.push({ sequence, keys: [text] });
  }

  close(holder: Holder, keys: Iterable<KeyText>, durableSequence: number): void {
    for (const text of keys) if (this.#holders.get(text) === holder) this.#holders.delete(text);
    this.#open.delete(holder);
    this.forget(durableSequence);
  }

  /** Drops what no open or future transaction can conflict with. */
  forget(durableSequence: number): void {
    let oldest = durableSequence;
    for (const holder of this.#open) oldest = Math.min(oldest, holder.snapshotSequence);
    let done = 0;
    for (const group of this.#groups) {
      if (group.sequence > oldest) break;
      for (const text of group.keys) {
        if (this.#lastWrite.get(text) === group.sequence) this.#lastWrite.delete(text);
      }
      done++;
    }
    if (done > 0) this.#groups = this.#groups.slice(done);
  }
}
