import { Timestamp } from 'bson';
import { CommandError } from '../../command-error.ts';
import { equalValues } from '../compare.ts';
import { describeElement } from '../describe-value.ts';
import type { Document, Value } from '../value.ts';
import type { UpdateContext } from './field-update.ts';

const REFERENCE_FIELDS = new Set(['$ref', '$id', '$db']);

/** A whole new document; the old `_id` stays, and may only be repeated. */
export function compileReplacement(
  replacement: Document,
): (document: Document, context: UpdateContext) => Document {
  for (const name of replacement.keys()) {
    if (name.startsWith('$') && !REFERENCE_FIELDS.has(name)) {
      throw new CommandError(
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
    }
  }
  return (document, context) => {
    const oldId = document.get('_id');
    const newId = replacement.get('_id');
    if (oldId !== undefined && newId !== undefined && !equalValues(oldId, newId)) {
      throw new CommandError(
        'ImmutableField',
        `After applying the update, the (immutable) field '_id' was found to have been altered to ${describeElement('_id', newId)}`,
      );
    }
    const replaced: Document = new Map();
    const id = newId === undefined ? oldId : newId;
    if (id !== undefined) replaced.set('_id', id);
    for (const [name, value] of replacement) {
      if (name !== '_id') replaced.set(name, filledTimestamp(value, context.clusterTime));
    }
    return replaced;
  };
}

/** `Timestamp(0, 0)` at the top of a stored document stands for now. */
export const filledTimestamp = (value: Value, clusterTime: Timestamp): Value =>
  value instanceof Timestamp && value.t === 0 && value.i === 0 ? clusterTime : value;
