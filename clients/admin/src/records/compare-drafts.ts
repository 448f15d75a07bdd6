/** One field on which two versions of a record differ. */
export interface Difference<Draft> {
  readonly name: keyof Draft & string;
  readonly yours: boolean;
  readonly theirs: boolean;
}

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const namesOf = <Draft extends object>(draft: Draft): readonly (keyof Draft & string)[] =>
  Object.keys(draft) as (keyof Draft & string)[];

/** Fields that you or they changed since the version that both began with. */
export const differences = <Draft extends object>(
  base: Draft,
  yours: Draft,
  theirs: Draft,
): readonly Difference<Draft>[] =>
  namesOf(base)
    .map((name) => ({
      name,
      yours: !same(base[name], yours[name]),
      theirs: !same(base[name], theirs[name]),
    }))
    .filter((difference) => difference.yours || difference.theirs);

/** Your changes on top of their version: what you left alone is as they have it. */
export const rebase = <Draft extends object>(base: Draft, yours: Draft, theirs: Draft): Draft => {
  const merged = { ...theirs };
  for (const name of namesOf(base)) {
    if (!same(base[name], yours[name])) merged[name] = yours[name];
  }
  return merged;
};

export const isChanged = <Draft extends object>(base: Draft, yours: Draft): boolean =>
  differences(base, yours, base).length > 0;
