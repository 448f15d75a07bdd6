import { applyEdit } from '../directory/apply-edit.ts';
import type { DirectoryState } from '../directory/directory-state.ts';
import type { EditLog } from './edit-log.ts';

/** The directory as it is at the end of the log: the newest snapshot and the edits after it. */
export const loadDirectory = async (log: EditLog): Promise<LoadedDirectory> => {
  const snapshot = await log.loadSnapshot();
  const edits = await log.readToEnd(snapshot.lastEdit);
  const state = edits.reduce<DirectoryState>(applyEdit, snapshot);
  return { state, snapshotEdit: snapshot.lastEdit };
};

export interface LoadedDirectory {
  readonly state: DirectoryState;
  /** The last edit of the snapshot that it was made from; 0: there was none. */
  readonly snapshotEdit: number;
}

/** A start reads at most this many edits after the newest snapshot: a few milliseconds of work. */
export const SNAPSHOT_EVERY_EDITS = 1_000;
