import { ObjectId } from 'bson';
import { CommandError } from '../command-error.ts';
import type { CommandContext } from '../commands/command.ts';
import { encodeForStorage } from '../documents/codec.ts';
import { documentForUpsert, type Update } from '../documents/update.ts';
import type { Document, Value } from '../documents/value.ts';
import { insertDocument, replaceDocument } from '../storage/document-writer.ts';
import type { WriteView } from '../storage/view.ts';
import { changeMatching, type Target } from './matching-records.ts';
import { collectionOrNew, onceUnheld } from './namespaces.ts';

/** An upsert that loses the race for its key looks again; each time, somebody else has made progress. */
const UPSERT_ATTEMPTS_MAX = 20;

export interface UpdateRequest extends Target {
  readonly collectionName: string;
  readonly update: Update;
  readonly multi: boolean;
  readonly upsert: boolean;
}

export interface UpdateOutcome {
  readonly matched: number;
  readonly modified: number;
  readonly upserted: Value;
  /** The last document that was matched, as it was and as it is. */
  readonly before: Document | undefined;
  readonly after: Document | undefined;
}

/** `changed` is called in the same step as each change, with the outcome so far. */
export const updateDocuments = async (
  context: CommandContext,
  view: WriteView,
  request: UpdateRequest,
  changed: (outcome: UpdateOutcome) => void,
): Promise<UpdateOutcome> => {
  for (let attempt = 1; ; attempt++) {
    const outcome = await updateMatching(context, view, request, changed);
    if (outcome.matched > 0 || !request.upsert) return outcome;
    try {
      return await onceUnheld(context, () => upsert(context, view, request, changed));
    } catch (error) {
      const raced = error instanceof CommandError && error.code === 11000 && !view.inTransaction;
      if (!raced || attempt === UPSERT_ATTEMPTS_MAX || !(await appeared(context, view, request)))
        throw error;
    }
  }
};

const updateMatching = async (
  context: CommandContext,
  view: WriteView,
  request: UpdateRequest,
  changed: (outcome: UpdateOutcome) => void,
): Promise<UpdateOutcome> => {
  const outcome = { matched: 0, modified: 0, upserted: undefined as Value } as {
    matched: number;
    modified: number;
    upserted: Value;
    before: Document | undefined;
    after: Document | undefined;
  };
  outcome.before = undefined;
  outcome.after = undefined;
  await changeMatching(context, view, request, { multi: request.multi }, (collection, record) => {
    const { arrayIndex } = request.filter.match(record.document);
    const document = request.update.apply(record.document, {
      ...updateTime(context),
      arrayIndex,
      inserting: false,
    });
    const bytes =
      document === record.document ? record.bytes : (encodeForStorage(document) as Buffer);
    // Nothing changes: nothing is written, so there is nothing to conflict about either.
    const same = bytes.equals(record.bytes);
    if (!same) replaceDocument(view, collection, record, document, bytes);
    outcome.matched++;
    if (!same) outcome.modified++;
    outcome.before = record.document;
    outcome.after = document;
    if (!same) changed(outcome);
  });
  return outcome;
};

const upsert = (
  context: CommandContext,
  view: WriteView,
  request: UpdateRequest,
  changed: (outcome: UpdateOutcome) => void,
): UpdateOutcome => {
  const document = documentForUpsert(
    request.filter.source,
    request.update,
    updateTime(context),
    () => new ObjectId(),
  );
  const bytes = encodeForStorage(document) as Buffer;
  insertDocument(view, collectionOrNew(context, view, request.collectionName), document, bytes);
  const outcome: UpdateOutcome = {
    matched: 0,
    modified: 0,
    upserted: document.get('_id'),
    before: undefined,
    after: document,
  };
  changed(outcome);
  return outcome;
};

/** Did the document that was in the way come to match, so that updating it is what was asked for? */
const appeared = async (
  context: CommandContext,
  view: WriteView,
  request: UpdateRequest,
): Promise<boolean> => {
  let found = false;
  await changeMatching(context, view, request, { multi: false }, () => {
    found = true;
  });
  return found;
};

const updateTime = ({ cluster }: CommandContext) => ({
  nowMs: cluster.nowMs(),
  clusterTime: cluster.store.clock.timestamp(),
});
