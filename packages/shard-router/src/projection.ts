import type { ReadOptions } from './shard-router.ts';

/** Without these the router could not tell whose a document is and whether it is there. */
const ROUTER_FIELDS = ['_id', 'slot', 'version', 'revision', 'deleted'];

/** A projection that keeps what the router needs, and these fields. */
export const withRouterFields = (
  projection: ReadOptions['projection'],
  more: readonly string[] = [],
): Record<string, 0 | 1> => {
  if (projection === undefined) return {};
  const needed = [...ROUTER_FIELDS, ...more];
  const entries = Object.entries(projection);
  if (entries.some(([, kept]) => kept === 1)) {
    return Object.fromEntries([...entries, ...needed.map((field) => [field, 1] as const)]);
  }
  return Object.fromEntries(entries.filter(([field]) => !needed.includes(field)));
};
