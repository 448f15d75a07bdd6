import { applyEdit } from '../directory/apply-edit.ts';
import { EMPTY_DIRECTORY, type DirectoryState } from '../directory/directory-state.ts';
import type { Edit } from '../directory/edit.ts';
import type { Clock } from '@marquee/slot-protocol';
import type { EditLog } from '../edit-log/edit-log.ts';
import { loadDirectory } from '../edit-log/load-directory.ts';

/** How many edits' times of arrival are remembered: more than any lease can span. */
const LEARNED_MAX_EDITS = 10_000;

export type DirectoryListener = (state: DirectoryState) => void;

/**
 * This instance's copy of the directory, kept up with the edit log. A copy is never wrong, only
 * old: what it may be used for depends on when the end of the log was last read.
 */
export class DirectoryFollower {
  readonly #log: EditLog;
  readonly #clock: Clock;
  readonly #listeners = new Set<DirectoryListener>();
  readonly #learnedAtMs = new Map<number, number>();
  #state: DirectoryState = EMPTY_DIRECTORY;
  #loaded = false;
  #snapshotEdit = 0;
  #confirmedAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(log: EditLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  get state(): DirectoryState {
    return this.#state;
  }

  /** The last edit of the snapshot that the copy was begun with; 0: there was none. */
  get snapshotEdit(): number {
    return this.#snapshotEdit;
  }

  /**
   * The copy held everything that the log held at this moment of the monotonic clock: the start of
   * the last read that reached the log's end.
   */
  get confirmedAtMs(): number {
    return this.#confirmedAtMs;
  }

  /** When this instance learned of an edit; of one from before its start, when it started. */
  learnedAtMs(edit: number): number {
    const known = this.#learnedAtMs.get(edit);
    if (known !== undefined) return known;
    // Forgotten ones are older than every one that is remembered.
    const [oldest] = this.#learnedAtMs.values();
    return oldest ?? this.#clock.monotonicNow();
  }

  onChange(listener: DirectoryListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Reads the log to its end. Calls that come while a read is under way share the next one, so that
   * each call's read began after the call. @throws METADATA_UNAVAILABLE
   */
  readToEnd(): Promise<void> {
    if (this.#reading === undefined) {
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined;
      });
      return this.#reading;
    }
    this.#next ??= this.#reading
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.readToEnd();
      });
    return this.#next;
  }

  /** Takes an edit that is known to be the log's next one. */
  learn(edit: Edit): void {
    // A read of the log may have been faster than the answer to the append.
    if (edit.number <= this.#state.lastEdit) return;
    this.#become(applyEdit(this.#state, edit));
  }

  async #read(): Promise<void> {
    const beganMs = this.#clock.monotonicNow();
    // An empty directory may be rebuilt as a snapshot, which no edit announces.
    if (!this.#loaded || this.#state.status === 'empty') {
      const loaded = await loadDirectory(this.#log);
      this.#loaded = true;
      this.#snapshotEdit = loaded.snapshotEdit;
      if (loaded.state.lastEdit > this.#state.lastEdit) this.#become(loaded.state);
    } else {
      const edits = await this.#log.readToEnd(this.#state.lastEdit);
      for (const edit of edits) this.learn(edit);
    }
    this.#confirmedAtMs = beganMs;
  }

  #become(state: DirectoryState): void {
    this.#state = state;
    this.#learnedAtMs.set(state.lastEdit, this.#clock.monotonicNow());
    if (this.#learnedAtMs.size > LEARNED_MAX_EDITS) {
      const [oldest] = this.#learnedAtMs.keys();
      if (oldest !== undefined) this.#learnedAtMs.delete(oldest);
    }
    for (const listener of this.#listeners) listener(state);
  }
}
