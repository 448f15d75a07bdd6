/** A condition for a field to have one of these values; for one value plain equality, which costs less. */
export const oneOf = <T>(values: readonly T[]): T | { $in: T[] } => {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : { $in: [...values] };
};
