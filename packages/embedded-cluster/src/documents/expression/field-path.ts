import { CommandError } from '../../command-error.ts';
import { isListed, VARIABLES } from '../../scope/scope.ts';
import type { Expression, Variables } from './operator-compiler.ts';
import { isDocument, type Value } from '../value.ts';

/** Splits a path of a projection or expression, refusing what the server refuses. */
export function parseFieldPath(text: string): string[] {
  if (text === '')
    throw new CommandError(40352, 'FieldPath cannot be constructed with empty string');
  if (text.endsWith('.')) throw new CommandError(40353, "FieldPath must not end with a '.'.");
  const names = text.split('.');
  for (const name of names) {
    if (name === '')
      throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
    if (name.startsWith('$')) {
      throw new CommandError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    }
    if (name.includes('\0')) {
      throw new CommandError(16411, "FieldPath field names may not contain '\\0'.");
    }
  }
  return names;
}

/** `$a.b`, or a variable: `$$ROOT.a.b`, `$$mine`. */
export function compileFieldPath(text: string, variables: Variables): Expression {
  if (text === '$') throw new CommandError(16872, "'$' by itself is not a valid FieldPath");
  if (!text.startsWith('$$')) return pathFromRoot(parseFieldPath(text.slice(1)));
  const [variable = '', ...rest] = text.slice(2).split('.');
  if (variable === '') throw new CommandError(16868, 'empty variable names are not allowed');
  const names = rest.length === 0 ? [] : parseFieldPath(rest.join('.'));
  if (variables.has(variable)) {
    const value = follow(variables.get(variable), names, 0);
    return () => value;
  }
  if (!isListed(VARIABLES, variable)) {
    throw new CommandError(17276, `Use of undefined variable: ${variable}`);
  }
  return variable === 'REMOVE' ? () => undefined : pathFromRoot(names);
}

const pathFromRoot =
  (names: readonly string[]): Expression =>
  (root) =>
    follow(root, names, 0);

/** Arrays on the way are mapped, their elements without the field left out; names are no positions. */
function follow(value: Value, names: readonly string[], depth: number): Value {
  if (depth === names.length) return value;
  if (isDocument(value)) return follow(value.get(names[depth] ?? ''), names, depth + 1);
  if (!Array.isArray(value)) return undefined;
  const found: Value[] = [];
  for (const element of value) {
    if (!isDocument(element)) continue;
    const inner = follow(element, names, depth);
    if (inner !== undefined) found.push(inner);
  }
  return found;
}
