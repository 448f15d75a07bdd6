import { compareUtf8 } from '../compare.ts';
import { badValue, CommandError } from '../../command-error.ts';
import { describeElement } from '../describe-value.ts';
import { isArrayIndex } from '../path.ts';
import type { Document } from '../value.ts';
import type { ArrayFilters } from './array-filters.ts';
import { valueAtPath } from './path-edit.ts';

/** The identifier of `$[identifier]`, empty for `$[]`; undefined for any other name. */
export const arrayFilterIdentifier = (name: string): string | undefined =>
  /^\$\[(.*)\]$/.exec(name)?.[1];

/** Splits and checks a path as it stands in an update, `$` and `$[…]` included. */
export function parseUpdatePath(path: string): string[] {
  const names = path.split('.');
  if (names.includes('')) {
    throw new CommandError(
      'EmptyFieldName',
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  }
  const [first = ''] = names;
  if (names.filter((name) => name === '$').length > 1) {
    throw badValue(`Too many positional (i.e. '$') elements found in path '${path}'`);
  }
  if (first === '$') {
    throw badValue(
      `Cannot have positional (i.e. '$') element in the first position in path '${path}'`,
    );
  }
  if (arrayFilterIdentifier(first) !== undefined) {
    throw badValue(
      `Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '${path}'`,
    );
  }
  if (first.startsWith('$') && !['$ref', '$id', '$db'].includes(first)) {
    throw new CommandError(
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${first}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  }
  return names;
}

/** Remembers which paths an update touches and refuses two that would meet. */
export class PathConflicts {
  readonly #root: PathNode = { children: new Map(), isEnd: false };

  add(names: readonly string[]): void {
    let node = this.#root;
    names.forEach((name, depth) => {
      const throughArray = arrayFilterIdentifier(name) !== undefined;
      if (node.isEnd || (node.throughArray ?? throughArray) !== throughArray) {
        throw this.#conflict(names, depth);
      }
      node.throughArray = throughArray;
      const child = node.children.get(name) ?? { children: new Map(), isEnd: false };
      node.children.set(name, child);
      node = child;
    });
    if (node.isEnd || node.children.size > 0) throw this.#conflict(names, names.length);
    node.isEnd = true;
  }

  #conflict(names: readonly string[], depth: number): CommandError {
    return new CommandError(
      'ConflictingUpdateOperators',
      `Updating the path '${names.join('.')}' would create a conflict at '${names.slice(0, depth).join('.')}'`,
    );
  }
}

interface PathNode {
  readonly children: Map<string, PathNode>;
  isEnd: boolean;
  /** Whether what follows is `$[…]`: an array's elements and named fields exclude each other. */
  throughArray?: boolean;
}

export interface PathExpansion {
  readonly document: Document;
  readonly arrayIndex: number | undefined;
  readonly arrayFilters: ArrayFilters;
}

/** The paths that `names` stands for in a document: `$` and `$[…]` replaced by positions. */
export function expandPath(names: readonly string[], expansion: PathExpansion): string[][] {
  let paths: string[][] = [[]];
  for (const name of names) {
    const identifier = arrayFilterIdentifier(name);
    if (identifier !== undefined) {
      paths = paths.flatMap((path) => expandArray(path, identifier, expansion));
    } else if (name === '$') {
      const { arrayIndex } = expansion;
      if (arrayIndex === undefined) {
        throw badValue('The positional operator did not find the match needed from the query.');
      }
      paths = paths.map((path) => [...path, arrayIndex.toString()]);
    } else {
      paths = paths.map((path) => [...path, name]);
    }
  }
  return paths;
}

function expandArray(
  path: readonly string[],
  identifier: string,
  { document, arrayFilters }: PathExpansion,
): string[][] {
  const array = valueAtPath(document, path);
  if (array === undefined) {
    throw badValue(
      `The path '${path.join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  if (!Array.isArray(array)) {
    throw badValue(
      `Cannot apply array updates to non-array element ${describeElement(path.at(-1) ?? '', array)}`,
    );
  }
  const passes = identifier === '' ? () => true : arrayFilters.get(identifier);
  return array.flatMap((element, index) =>
    passes?.(element) === true ? [[...path, index.toString()]] : [],
  );
}

/** The order in which the server applies an update: names as text, positions as numbers. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let depth = 0; depth < length; depth += 1) {
    const difference = compareNames(a[depth] ?? '', b[depth] ?? '');
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  if (isArrayIndex(a) && isArrayIndex(b)) return Number(a) - Number(b);
  return compareUtf8(a, b);
}
