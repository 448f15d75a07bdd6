import type { CommandContext } from '../commands/command.ts';
import { decode } from '../documents/codec.ts';
import type { Filter } from '../documents/filter.ts';
import type { Sort } from '../documents/sort.ts';
import type { Document } from '../documents/value.ts';
import type { Hint } from '../planner/plan.ts';
import { Query } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import { HeldByTransaction } from '../storage/conflicts.ts';
import type { StoredRecord } from '../storage/document-writer.ts';
import { documentKey } from '../storage/keys.ts';
import type { WriteView } from '../storage/view.ts';

/** Of a sorted search for one record: how many of the first are looked at before searching anew. */
const SORTED_RESERVE = 32;

export interface Target {
  readonly namespace: string;
  readonly filter: Filter;
  readonly sort?: Sort | undefined;
  readonly hint?: ((collection: Collection) => Hint) | undefined;
}

/** Changes one record that matches; runs without awaiting anything. */
export type ChangeRecord = (collection: Collection, record: StoredRecord) => void;

/**
 * Finds records and changes each as it is at that very moment: between finding and changing, others may
 * have run, so the record is read again and has to match still. Returns how many were changed.
 */
export const changeMatching = async (
  context: CommandContext,
  view: WriteView,
  target: Target,
  options: { readonly multi: boolean },
  change: ChangeRecord,
): Promise<number> => {
  for (;;) {
    const found = await changeOnce(context, view, target, options, change);
    // A search that had to wait, or whose every find was gone, may have missed what others left behind.
    if (found.changed > 0 || options.multi || !found.stale) return found.changed;
  }
};

const changeOnce = async (
  context: CommandContext,
  view: WriteView,
  target: Target,
  { multi }: { readonly multi: boolean },
  change: ChangeRecord,
): Promise<{ changed: number; stale: boolean }> => {
  const { operation } = context;
  const collection = view.catalog.get(target.namespace);
  const found = { changed: 0, seen: 0, stale: false };
  if (!collection) return found;
  const query = new Query(view, collection, {
    filter: target.filter,
    sort: target.sort,
    // Only the first match is wanted, but it may be gone by the time it is looked at: a few in reserve.
    limit: !multi && target.sort ? SORTED_RESERVE : 0,
    hint: target.hint?.(collection),
    wantsDocuments: true,
    changes: multi,
  });
  await query.each(view, operation, async (row) => {
    found.seen++;
    for (;;) {
      const current = view.collectionForWrite(target.namespace);
      if (current?.id !== collection.id) return false;
      const record = currentRecord(view, current, row, target.filter);
      if (!record) break;
      try {
        change(current, record);
        found.changed++;
        break;
      } catch (error) {
        if (!(error instanceof HeldByTransaction)) throw error;
        found.stale = true;
        await operation.waitFor(error.ended);
      }
    }
    if (context.cluster.store.behind) await context.cluster.store.backpressure();
    return found.changed === 0 || multi;
  });
  found.stale ||= found.seen === SORTED_RESERVE;
  return found;
};

const currentRecord = (
  view: WriteView,
  collection: Collection,
  row: { recordId: number; bytes: Buffer; document: Document | undefined },
  filter: Filter,
): StoredRecord | undefined => {
  const bytes = view.get(documentKey(collection.id, row.recordId));
  if (!bytes) return undefined;
  if (bytes.equals(row.bytes)) {
    return { recordId: row.recordId, bytes, document: row.document ?? decode(bytes) };
  }
  const document = decode(bytes);
  return filter.matches(document) ? { recordId: row.recordId, bytes, document } : undefined;
};
