import { badValue, failedToParse } from '../../command-error.ts';
import { compileLogical } from '../filter/logical.ts';
import { type Document, isDocument, type Value } from '../value.ts';

/** By identifier: does an element pass the array filter? */
export type ArrayFilters = ReadonlyMap<string, (element: Value) => boolean>;

/** Compiles `arrayFilters`: each is a filter about one top-level name, the identifier in `$[identifier]`. */
export function compileArrayFilters(filters: readonly Document[]): ArrayFilters {
  const compiled = new Map<string, (element: Value) => boolean>();
  for (const filter of filters) {
    const identifier = identifierOf(filter);
    if (compiled.has(identifier)) {
      throw failedToParse(
        `Found multiple array filters with the same top-level field name ${identifier}`,
      );
    }
    const { test } = compileLogical(filter);
    compiled.set(identifier, (element) => test(new Map([[identifier, element]])));
  }
  return compiled;
}

function identifierOf(filter: Document): string {
  const [first, second] = topLevelNames(filter);
  if (first === undefined) {
    throw failedToParse('Cannot use an expression without a top-level field name in arrayFilters');
  }
  if (second !== undefined) {
    throw failedToParse(
      `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${first}' and '${second}'`,
    );
  }
  if (!/^[a-z][0-9A-Za-z]*$/.test(first)) {
    throw badValue(
      `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${first}'`,
    );
  }
  return first;
}

function topLevelNames(filter: Document): Set<string> {
  const names = new Set<string>();
  for (const [name, value] of filter) {
    if (!name.startsWith('$')) names.add(name.split('.')[0] ?? '');
    else if (Array.isArray(value)) {
      for (const branch of value) {
        if (isDocument(branch)) for (const inner of topLevelNames(branch)) names.add(inner);
      }
    }
  }
  return names;
}
