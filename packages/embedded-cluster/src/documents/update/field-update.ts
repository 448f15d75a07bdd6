import type { Timestamp } from 'bson';
import { describeElement } from '../describe-value.ts';
import type { Document, Value } from '../value.ts';
import type { OnMissing } from './path-edit.ts';

/** What an update needs to know beside the document. */
export interface UpdateContext {
  /** What the positional `$` stands for: from the filter's match. */
  readonly arrayIndex?: number | undefined;
  /** The document is being made by an upsert. */
  readonly inserting: boolean;
  readonly nowMs: number;
  readonly clusterTime: Timestamp;
}

/** Where an operator is at work; for its error messages. */
export interface UpdateSite {
  readonly path: string;
  readonly document: Document;
  readonly context: UpdateContext;
}

/** One operator on one field, its argument checked. */
export interface FieldUpdate {
  readonly onMissing: OnMissing;
  readonly insertsOnly?: boolean;
  /** The new value for a present one; `undefined` is a missing field, in both directions. */
  edit(current: Value, site: UpdateSite): Value;
}

/** `{_id: 1}` */
export const describeId = (document: Document): string =>
  document.has('_id') ? `{${describeElement('_id', document.get('_id'))}}` : '{no id}';
