import type { ReadOptions } from './shard-router.ts';

/** Without these the router could not tell whose a document is and whether it is there. */
const ROUTER_FIELDS = ['_id', 'slot', 'version', 'revision', 'deleted'];

/** The option for a projection that keeps what the router needs, and these fields; none for none. */
export const withRouterFields = (
  projection: ReadOptions['projection'],
  more: readonly string[] = [],
): { projection?: Record<string, 0 | 1> } => {
  if (projection === undefined) return {};
  const needed = [...ROUTER_FIELDS, ...more];
  const entries = Object.entries(projection);
  if (entries.some(([, kept]) => kept === 1)) {
    const kept = needed.map((field) => [field, 1] as const);
    return { projection: Object.fromEntries([...entries, ...kept]) };
  }
  return { projection: Object.fromEntries(entries.filter(([field]) => !needed.includes(field))) };
};
