import { MarqueeError } from '@marquee/errors';
import { EMPTY_DIRECTORY, type DirectoryState } from '../../src/directory/directory-state.ts';
import type { Edit } from '../../src/directory/edit.ts';
import type { AppendOutcome, EditLog } from '../../src/edit-log/edit-log.ts';

/** What several instances share: the metadata cluster's edits, as a double. */
export class MemoryEditLog implements EditLog {
  readonly edits: Edit[] = [];
  readonly snapshots: DirectoryState[] = [];
  down = false;

  async append(edit: Edit): Promise<AppendOutcome> {
    this.#check();
    const stored = this.edits[edit.number - 1];
    if (stored !== undefined) return stored === edit ? 'appended' : 'number-taken';
    if (edit.number !== this.edits.length + 1) throw new Error('a gap in the log');
    this.edits.push(edit);
    return 'appended';
  }

  /** An edit that is of no consequence who appends it. */
  note(change: Edit['change'], atMs = 0): void {
    const number = this.edits.length + 1;
    this.edits.push({ number, atMs, by: 'test', why: 'test', change });
  }

  async readToEnd(number: number): Promise<Edit[]> {
    this.#check();
    return this.edits.slice(number);
  }

  async page(after: number, limit: number): Promise<Edit[]> {
    this.#check();
    return this.edits.slice(after, after + limit);
  }

  async loadSnapshot(): Promise<DirectoryState> {
    this.#check();
    return this.snapshots.at(-1) ?? EMPTY_DIRECTORY;
  }

  async saveSnapshot(state: DirectoryState): Promise<void> {
    this.#check();
    this.snapshots.push(state);
  }

  #check(): void {
    if (this.down) throw new MarqueeError('METADATA_UNAVAILABLE');
  }
}
