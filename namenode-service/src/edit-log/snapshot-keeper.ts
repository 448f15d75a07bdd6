import type { DirectoryState } from '../directory/directory-state.ts';
import type { EditLog } from './edit-log.ts';
import { SNAPSHOT_EVERY_EDITS } from './load-directory.ts';

export interface SnapshotKeeperOptions {
  readonly log: Pick<EditLog, 'saveSnapshot'>;
  /** Only a leader keeps snapshots: one is enough. */
  readonly isLeader: () => boolean;
  readonly onWarning: (error: unknown) => void;
}

/**
 * Keeps a snapshot once a thousand edits have come since the last one; a new leader keeps the one that
 * its predecessor could not keep any more.
 */
export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  /** What this instance began with is as good as a snapshot, or was one. */
  #keptThrough: number | undefined;
  #isSaving = false;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
  }

  /** The directory is this now. `startedFrom`: the edit of the snapshot that this instance started from. */
  learn(state: DirectoryState, startedFrom: number): void {
    this.#keptThrough ??= startedFrom;
    const { isLeader, log, onWarning } = this.#options;
    // Every instance counts by the same numbers: the next leader knows what should be there.
    const due = state.lastEdit - (state.lastEdit % SNAPSHOT_EVERY_EDITS);
    if (due <= this.#keptThrough || !isLeader() || this.#isSaving) return;
    this.#isSaving = true;
    const { lastEdit } = state;
    log
      .saveSnapshot(state)
      .then(() => {
        this.#keptThrough = lastEdit;
      })
      // The next edit is another occasion; a start only reads more edits.
      .catch(onWarning)
      .finally(() => {
        this.#isSaving = false;
      });
  }
}
