import { Long } from 'bson';
import { CommandError } from '../../command-error.ts';
import { parseFieldPath } from '../expression/field-path.ts';
import { typeAlias } from '../type-alias.ts';
import { type Document, isDocument, type Value } from '../value.ts';
import { streaming, type Stage } from './stage.ts';

interface UnwindOptions {
  readonly names: readonly string[];
  readonly indexNames: readonly string[] | undefined;
  readonly keepsEmpty: boolean;
}

/** One document for each element; a value that is no array counts as an array of itself. */
export function compileUnwind(spec: Value): Stage {
  const { names, indexNames, keepsEmpty } = unwindOptions(spec);
  const indexed = (document: Document, index: Value): Document =>
    indexNames ? setNested(document, indexNames, index) : document;
  return streaming(() => (document, emit) => {
    const value = nested(document, names);
    if (!Array.isArray(value)) {
      if ((value !== null && value !== undefined) || keepsEmpty) emit(indexed(document, null));
    } else if (value.length === 0) {
      if (keepsEmpty) emit(indexed(setNested(document, names, undefined), null));
    } else {
      value.forEach((element, index) => {
        emit(indexed(setNested(document, names, element), Long.fromNumber(index)));
      });
    }
    return true;
  });
}

/** Through documents only: an array on the way hides what is in it. */
function nested(document: Document, names: readonly string[]): Value {
  let value: Value = document;
  for (const name of names) {
    if (!isDocument(value)) return undefined;
    value = value.get(name);
  }
  return value;
}

function setNested(document: Document, names: readonly string[], value: Value): Document {
  const [name = '', ...rest] = names;
  const inner = document.get(name);
  const replacement =
    rest.length === 0
      ? value
      : setNested(isDocument(inner) ? inner : new Map<string, Value>(), rest, value);
  const copy = new Map(document);
  if (replacement === undefined) copy.delete(name);
  else copy.set(name, replacement);
  return copy;
}

function unwindOptions(spec: Value): UnwindOptions {
  if (typeof spec === 'string') {
    return { names: unwindPath(spec), indexNames: undefined, keepsEmpty: false };
  }
  if (!isDocument(spec)) {
    throw new CommandError(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeAlias(spec)}`,
    );
  }
  for (const option of spec.keys()) {
    if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(option)) {
      throw new CommandError(28811, `unrecognized option to $unwind stage: ${option}`);
    }
  }
  const path = spec.get('path');
  if (path !== undefined && typeof path !== 'string') {
    throw new CommandError(
      28808,
      `expected a string as the path for $unwind stage, got ${typeAlias(path)}`,
    );
  }
  const keepsEmpty = spec.get('preserveNullAndEmptyArrays');
  if (keepsEmpty !== undefined && typeof keepsEmpty !== 'boolean') {
    throw new CommandError(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeAlias(keepsEmpty)}`,
    );
  }
  return {
    names: unwindPath(path ?? ''),
    indexNames: indexPath(spec.get('includeArrayIndex')),
    keepsEmpty: keepsEmpty ?? false,
  };
}

function unwindPath(path: string): string[] {
  if (path === '') throw new CommandError(28812, 'no path specified to $unwind stage');
  if (!path.startsWith('$')) {
    throw new CommandError(
      28818,
      `path option to $unwind stage should be prefixed with a '$': ${path}`,
    );
  }
  return parseFieldPath(path.slice(1));
}

function indexPath(path: Value): string[] | undefined {
  if (path === undefined) return undefined;
  if (typeof path !== 'string' || path === '') {
    throw new CommandError(
      28810,
      `expected a non-empty string for the includeArrayIndex  option to $unwind stage, got ${typeAlias(path)}`,
    );
  }
  if (path.startsWith('$')) {
    throw new CommandError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${path}`,
    );
  }
  return parseFieldPath(path);
}
