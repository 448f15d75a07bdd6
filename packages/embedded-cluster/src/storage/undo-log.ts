import type { Change } from './environment.ts';
import type { KeyText } from './memtable.ts';

/** In a real set, replication would have caught up long before this much was outstanding. */
export const UNDO_MAX_BYTES = 64 * 1024 * 1024;

/**
 * What each key held before the first write that no majority has confirmed. An election puts it back,
 * as a rollback does to a member that nobody had followed. Whatever a majority confirms confirms all
 * that came before it. Only kept when test commands are on.
 */
export class UndoLog {
  readonly #before = new Map<KeyText, Change>();
  #bytes = 0;

  has(text: KeyText): boolean {
    return this.#before.has(text);
  }

  remember(text: KeyText, key: Buffer, value: Buffer | undefined): void {
    this.#before.set(text, { key, value });
    this.#bytes += key.length + (value?.length ?? 0);
    if (this.#bytes > UNDO_MAX_BYTES) this.confirm();
  }

  confirm(): void {
    this.#before.clear();
    this.#bytes = 0;
  }

  take(): Change[] {
    const changes = [...this.#before.values()];
    this.confirm();
    return changes;
  }
}
