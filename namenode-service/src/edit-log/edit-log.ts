import type { DirectoryState } from '../directory/directory-state.ts';
import type { Edit } from '../directory/edit.ts';

/** Whether an append took its number, or found that another instance had taken it. */
export type AppendOutcome = 'appended' | 'number-taken';

/**
 * Where edits are kept, in order and for good. Every method rejects with METADATA_UNAVAILABLE when
 * the metadata cluster does not answer in time.
 */
export interface EditLog {
  /**
   * Adds an edit under its number. `number-taken` means that another leader is at work. After
   * METADATA_UNAVAILABLE the same edit object may be appended again: it is stored once.
   */
  append(edit: Edit): Promise<AppendOutcome>;
  /**
   * Edits with numbers above `number`, ascending, up to the end of the log. It includes every edit
   * whose append was answered before this call: what "confirms" a shard map.
   */
  readToEnd(number: number): Promise<Edit[]>;
  /** At most `limit` edits with numbers above `after`, ascending; for people, may be stale. */
  page(after: number, limit: number): Promise<Edit[]>;
  /** The newest snapshot; the empty directory where there is none. */
  loadSnapshot(): Promise<DirectoryState>;
  /** Keeps this state, so that a start need not read the edits up to it. */
  saveSnapshot(state: DirectoryState): Promise<void>;
}
