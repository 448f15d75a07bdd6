import { badValue, CommandError } from '../../command-error.ts';
import { describeElement } from '../describe-value.ts';
import { type Document, isDocument, type Value } from '../value.ts';
import { editAtPath } from './path-edit.ts';
import { arrayFilterIdentifier, parseUpdatePath } from './update-paths.ts';

export interface Rename {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

export function parseRename(path: string, argument: Value): Rename {
  const whole = describeElement(path, argument);
  if (typeof argument !== 'string') {
    throw badValue(`The 'to' field for $rename must be a string: ${whole}`);
  }
  const from = parseUpdatePath(path);
  const to = parseUpdatePath(argument);
  if (path === argument) {
    throw badValue(`The source and target field for $rename must differ: ${whole}`);
  }
  const shorter = Math.min(from.length, to.length);
  if (from.slice(0, shorter).join('.') === to.slice(0, shorter).join('.')) {
    throw badValue(
      `The source and target field for $rename must not be on the same path: ${whole}`,
    );
  }
  if (from.some(isDynamic)) {
    throw badValue(`The source field for $rename may not be dynamic: ${path}`);
  }
  if (to.some(isDynamic)) {
    throw badValue(`The destination field for $rename may not be dynamic: ${argument}`);
  }
  return { from, to };
}

const isDynamic = (name: string): boolean =>
  name === '$' || arrayFilterIdentifier(name) !== undefined;

/** Sets the destination, then takes the source away; nothing where the source is missing. */
export function applyRename(document: Document, { from, to }: Rename): Document {
  const value = sourceValue(document, from);
  if (value === undefined) return document;
  refuseArrayOn(document, to, 'destination');
  const renamed = editAtPath(document, to, 'create', () => value);
  return editAtPath(renamed, from, 'skip', () => undefined);
}

function sourceValue(document: Document, from: readonly string[]): Value {
  refuseArrayOn(document, from, 'source');
  let value: Value = document;
  for (const [depth, name] of from.entries()) {
    if (value === undefined) return undefined;
    if (!isDocument(value)) {
      throw new CommandError(
        'PathNotViable',
        `Cannot use the part (${name}) of (${from.join('.')}) to traverse the element ({${describeElement(from[depth - 1] ?? '', value)}})`,
      );
    }
    value = value.get(name);
  }
  return value;
}

function refuseArrayOn(
  document: Document,
  names: readonly string[],
  which: 'source' | 'destination',
): void {
  let value: Value = document;
  for (const [depth, name] of names.entries()) {
    if (Array.isArray(value)) {
      const id = document.has('_id') ? describeElement('_id', document.get('_id')) : 'no id';
      throw badValue(
        `The ${which} field cannot be an array element, '${names.join('.')}' in doc with ${id} has an array field called '${names[depth - 1] ?? ''}'`,
      );
    }
    if (!isDocument(value)) return;
    value = value.get(name);
  }
}
