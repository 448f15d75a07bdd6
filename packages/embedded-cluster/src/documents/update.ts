import type { ObjectId } from 'bson';
import { failedToParse } from '../command-error.ts';
import { checkStoredId } from './stored-id.ts';
import { NO_VARIABLES, type Variables } from './expression/operator-compiler.ts';
import { compileArrayFilters } from './update/array-filters.ts';
import type { UpdateContext } from './update/field-update.ts';
import { compileOperatorUpdate } from './update/operator-update.ts';
import { compilePipelineUpdate } from './update/pipeline-update.ts';
import { compileReplacement } from './update/replacement.ts';
import { documentOfEqualities, equalitiesOf } from './update/upsert.ts';
import { type Document, isDocument, type Value } from './value.ts';

export type { UpdateContext } from './update/field-update.ts';

export interface Update {
  readonly kind: 'replacement' | 'operators' | 'pipeline';
  /**
   * The updated document; the given one is not changed, and is returned itself by operators and
   * pipelines that changed nothing. Throws CommandError where the document does not allow the update.
   */
  apply(document: Document, context: UpdateContext): Document;
}

export interface UpdateOptions {
  readonly arrayFilters?: readonly Document[] | undefined;
  /** Of the command's `let`; only pipelines can name them. */
  readonly variables?: Variables | undefined;
}

/** What an update may be at all; MongoDB looks at that before it looks into any of a command's updates. */
export function assertUpdateKind(update: Value): asserts update is Document | Value[] {
  if (!Array.isArray(update) && !isDocument(update)) {
    throw failedToParse('Update argument must be either an object or an array');
  }
}

/** Compiles what stands in `u` of an update or in `update` of findAndModify. */
export function compileUpdate(update: Value, options: UpdateOptions = {}): Update {
  if (Array.isArray(update)) {
    if (options.arrayFilters && options.arrayFilters.length > 0) {
      throw failedToParse('arrayFilters may not be specified for pipeline-style updates');
    }
    return {
      kind: 'pipeline',
      apply: compilePipelineUpdate(update, options.variables ?? NO_VARIABLES),
    };
  }
  assertUpdateKind(update);
  const [first] = update.keys();
  if (first === undefined || !first.startsWith('$')) {
    if (options.arrayFilters && options.arrayFilters.length > 0) {
      throw failedToParse('arrayFilters may not be specified for replacement-style updates');
    }
    return { kind: 'replacement', apply: compileReplacement(update) };
  }
  return {
    kind: 'operators',
    apply: compileOperatorUpdate(update, compileArrayFilters(options.arrayFilters ?? [])),
  };
}

/**
 * The document that an upsert inserts when nothing matched `filter`: the filter's equalities, updated.
 * `_id` comes first; `newId` makes it where neither filter nor update gives one.
 */
export function documentForUpsert(
  filter: Document,
  update: Update,
  context: Omit<UpdateContext, 'inserting'>,
  newId: () => ObjectId,
): Document {
  const equalities = equalitiesOf(filter);
  const start = documentOfEqualities(
    update.kind === 'replacement'
      ? new Map([...equalities].filter(([path]) => path === '_id'))
      : equalities,
  );
  const updated = update.apply(start, { ...context, inserting: true });
  // `_id: null` is an `_id`.
  const id = updated.has('_id') ? updated.get('_id') : newId();
  const document: Document = new Map([['_id', id]]);
  for (const [name, value] of updated) if (name !== '_id') document.set(name, value);
  checkStoredId(document);
  return document;
}
