import { applyEdit } from '../directory/apply-edit.ts';
import type { DirectoryState } from '../directory/directory-state.ts';
import type { EditLog } from './edit-log.ts';

/** The directory as it is at the end of the log: the newest snapshot and the edits after it. */
export const loadDirectory = async (log: EditLog): Promise<DirectoryState> => {
  const snapshot = await log.loadSnapshot();
  const edits = await log.readToEnd(snapshot.lastEdit);
  return edits.reduce<DirectoryState>(applyEdit, snapshot);
};

/** A start reads at most this many edits after the newest snapshot: a few milliseconds of work. */
export const SNAPSHOT_EVERY_EDITS = 1_000;

export const isSnapshotDue = (state: DirectoryState): boolean =>
  state.lastEdit > 0 && state.lastEdit % SNAPSHOT_EVERY_EDITS === 0;
