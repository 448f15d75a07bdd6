import type { Collection, Db } from 'mongodb';
import { EMPTY_DIRECTORY, type DirectoryState } from '../directory/directory-state.ts';
import { Edit } from '../directory/edit.ts';
import type { AppendOutcome, EditLog } from './edit-log.ts';
import { isDuplicateKey, metadataCall, METADATA_STAGE_MAX_MS } from './metadata-database.ts';

/** Read in one go after a snapshot; more than two snapshots' worth never accumulates. */
const READ_BATCH_EDITS = 2_000;

interface EditDocument {
  readonly _id: number;
  /** Tells one's own edit, stored although the reply got lost, from another leader's. */
  readonly appendId: string;
  readonly at: Date;
  readonly by: string;
  readonly why: string;
  readonly change: Edit['change'];
}

interface SnapshotDocument {
  readonly _id: number;
  /** As JSON text: exactly what was in memory, whatever BSON makes of numbers. */
  readonly state: string;
}

const toEdit = (document: EditDocument): Edit =>
  Edit.parse({
    number: document._id,
    atMs: document.at.getTime(),
    by: document.by,
    why: document.why,
    change: document.change,
  });

// Snapshots of older versions lack what there was not.
const ABSENT_BEFORE = { quarantined: [] };

const fromSnapshot = (text: string): DirectoryState => {
  const state = JSON.parse(text) as DirectoryState;
  return state.status === 'empty' ? state : { ...ABSENT_BEFORE, ...state };
};

/** The edit log in the metadata cluster: collection `edits`, the numbers as `_id`; `snapshots`. */
export const createMongoEditLog = (db: Db, randomId: () => string): EditLog => {
  const edits: Collection<EditDocument> = db.collection('edits');
  const snapshots: Collection<SnapshotDocument> = db.collection('snapshots');
  const appendIds = new WeakMap<Edit, string>();

  const append = async (edit: Edit): Promise<AppendOutcome> => {
    const appendId = appendIds.get(edit) ?? randomId();
    appendIds.set(edit, appendId);
    const { number, atMs, ...rest } = edit;
    try {
      await edits.insertOne({ _id: number, appendId, at: new Date(atMs), ...rest });
      return 'appended';
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const stored = await edits.findOne({ _id: number });
      return stored?.appendId === appendId ? 'appended' : 'number-taken';
    }
  };

  const readToEnd = async (number: number): Promise<Edit[]> => {
    // Linearizable: a primary that was deposed without knowing must not answer. MongoDB promises
    // that for a read of one document by its `_id` only, hence the next number and not a range.
    const next = await edits.findOne(
      { _id: number + 1 },
      { readConcern: { level: 'linearizable' }, maxTimeMS: METADATA_STAGE_MAX_MS },
    );
    if (next === null) return [];
    const found = [toEdit(next)];
    const rest = await edits
      .find({ _id: { $gt: number + 1 } }, { sort: { _id: 1 }, limit: READ_BATCH_EDITS })
      .toArray();
    found.push(...rest.map(toEdit));
    // The range was no linearizable read: its end is confirmed like any other.
    return [...found, ...(await readToEnd(number + found.length))];
  };

  const page = async (after: number, limit: number): Promise<Edit[]> => {
    const found = edits.find({ _id: { $gt: after } }, { sort: { _id: 1 }, limit });
    return (await found.toArray()).map(toEdit);
  };

  return {
    append: (edit) => metadataCall(() => append(edit)),
    readToEnd: (number) => metadataCall(() => readToEnd(number)),
    page: (after, limit) => metadataCall(() => page(after, limit)),
    loadSnapshot: () =>
      metadataCall(async () => {
        const newest = await snapshots.findOne({}, { sort: { _id: -1 } });
        return newest === null ? EMPTY_DIRECTORY : fromSnapshot(newest.state);
      }),
    saveSnapshot: (state) =>
      metadataCall(async () => {
        const document = { state: JSON.stringify(state) };
        await snapshots.replaceOne({ _id: state.lastEdit }, document, { upsert: true });
      }),
  };
};
