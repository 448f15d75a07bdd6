import { normalizeIntervals, type PathPredicate } from './path-predicate.ts';

/**
 * What a document fulfils that meets any of several branches: for each path that every branch says
 * something about, the union of what they say.
 */
export function unionPredicates(
  branches: readonly (readonly PathPredicate[])[],
): readonly PathPredicate[] {
  const [first = []] = branches;
  const paths = new Set(first.map(({ path }) => path));
  return [...paths].flatMap((path) =>
    unionsOf(
      path,
      branches.map((branch) => branch.filter((predicate) => predicate.path === path)),
    ),
  );
}

/** Any choice of one predicate from each branch is sound; the first of each, the second of each … are taken. */
function unionsOf(path: string, branches: readonly (readonly PathPredicate[])[]): PathPredicate[] {
  if (branches.some((branch) => branch.length === 0)) return [];
  const rounds = Math.max(...branches.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => {
    const chosen = branches.flatMap((branch) => branch[Math.min(round, branch.length - 1)] ?? []);
    return {
      path,
      kind: chosen.every(({ kind }) => kind === 'eq' || kind === 'in') ? 'in' : 'range',
      intervals: normalizeIntervals(chosen.flatMap(({ intervals }) => intervals)),
      matchesMissing: chosen.some(({ matchesMissing }) => matchesMissing),
    };
  });
}
