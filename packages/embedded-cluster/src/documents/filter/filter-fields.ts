import { type Document, isDocument, type Value } from '../value.ts';

const BRANCHES = new Set(['$and', '$or', '$nor']);

/** The top-level fields that a filter looks at; undefined where it may look at any. */
export const filterFields = (source: Document): ReadonlySet<string> | undefined => {
  const fields = new Set<string>();
  return collect(source, fields) ? fields : undefined;
};

const collect = (source: Document, fields: Set<string>): boolean => {
  for (const [name, argument] of source) {
    if (!name.startsWith('$')) fields.add(topOf(name));
    else if (BRANCHES.has(name)) {
      if (!branchesOf(argument).every((branch) => collect(branch, fields))) return false;
    } else if (name !== '$comment') return false;
  }
  return true;
};

const branchesOf = (argument: Value): Document[] =>
  Array.isArray(argument) ? argument.filter(isDocument) : [];

/** The field of the document that a path begins with. */
export const topOf = (path: string): string => {
  const dot = path.indexOf('.');
  return dot === -1 ? path : path.slice(0, dot);
};
