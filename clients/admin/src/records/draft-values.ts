/** A text that may be absent: an empty field empties it. */
export const textOrNull = (text: string): string | null =>
  text.trim() === '' ? null : text.trim();

export const numberOrNull = (text: string): number | null =>
  text.trim() === '' ? null : Number(text);

/** The parts of a list written with commas. */
export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

export const asText = (value: string | number | null | undefined): string =>
  value === null || value === undefined ? '' : String(value);

/** What of the next input differs from the stored one. */
export const changedOnly = <Input extends object>(stored: Input, next: Input): Partial<Input> =>
  Object.fromEntries(
    Object.entries(next).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(stored[name as keyof Input]),
    ),
  ) as Partial<Input>;
