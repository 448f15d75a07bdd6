/**
 * A value as the database gives it back: a copy that nobody else holds, with null where it was
 * undefined, as the driver writes it. It is frozen, so that whoever changes what was read finds out at once.
 */
export const frozenCopy = <T>(value: T): T => copyOf(value) as T;

const copyOf = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (value instanceof Date) return new Date(value);
  if (Array.isArray(value)) return Object.freeze(value.map(copyOf));
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) copy[key] = copyOf(field);
  return Object.freeze(copy);
};
