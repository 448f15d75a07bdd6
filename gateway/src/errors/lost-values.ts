import type { GraphQLFormattedError } from 'graphql';

export interface ValueCompletion {
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/**
 * @apollo/gateway answers a null in a place that cannot be null without an error, and tells of it in
 * `extensions.valueCompletion`, which no client reads. This finds those that a client must hear of.
 *
 * A reference to what no longer exists (the film of an old reaction) is one such null: its fields
 * cannot be had, so the reference itself becomes null. Where the schema says that it may be null,
 * that is the answer. Where the null had to travel further up, data is missing that the schema
 * promises: an error, at the place that is null now.
 */
export const lostValues = (
  data: unknown,
  completions: readonly ValueCompletion[],
): GraphQLFormattedError[] => {
  const lost = new Map<string, GraphQLFormattedError>();
  for (const { path } of completions) {
    const nulledAt = path && firstNull(data, path);
    // One step above the missing field: the reference itself, which may be null.
    if (!nulledAt || nulledAt.length === path.length - 1) continue;
    lost.set(nulledAt.join('.'), {
      message: 'A value that the schema promises is missing.',
      path: nulledAt,
      extensions: { code: 'INTERNAL' },
    });
  }
  return [...lost.values()];
};

const firstNull = (
  data: unknown,
  path: readonly (string | number)[],
): readonly (string | number)[] | undefined => {
  let value = data;
  for (let depth = 0; depth <= path.length; depth += 1) {
    if (value === null || value === undefined) return path.slice(0, depth);
    const key = path[depth];
    if (key === undefined) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return undefined;
};
