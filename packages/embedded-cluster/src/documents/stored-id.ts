import { CommandError } from '../command-error.ts';
import { isRegExp } from './filter/comparison.ts';
import { typeAlias } from './type-alias.ts';
import { type Document, isDocument, type Value } from './value.ts';

/** Throws InvalidIdField or DollarPrefixedFieldName for an `_id` that MongoDB does not store. */
export function checkStoredId(document: Document): void {
  const id = document.get('_id');
  if (Array.isArray(id) || isRegExp(id)) {
    throw new CommandError('InvalidIdField', `The '_id' value cannot be of type ${typeAlias(id)}`);
  }
  const name = dollarName(id);
  if (name !== undefined) {
    throw new CommandError(
      'DollarPrefixedFieldName',
      `_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`,
    );
  }
}

function dollarName(value: Value): string | undefined {
  if (Array.isArray(value)) {
    for (const element of value) {
      const found = dollarName(element);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isDocument(value)) return undefined;
  for (const [name, inner] of value) {
    if (name.startsWith('$') && !['$ref', '$id', '$db'].includes(name)) return name;
    const found = dollarName(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}
