import { z } from 'zod';

/** What is wrong with one field of an input; `path` as in the arguments, e.g. `input.credits.3.job`. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

export type Checked<T> =
  | { readonly ok: true; readonly input: T }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Problems that one answer names: enough to mend an input by, few enough to read. */
export const PROBLEMS_MAX = 20;

/** Checks an input against its schema; every problem at once, each with its path from `argument`. */
export const checkInput = <Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  argument = 'input',
): Checked<z.output<Schema>> => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, input: parsed.data };
  const problems = parsed.error.issues
    .slice(0, PROBLEMS_MAX)
    .map(({ path, message }) => ({ path: [argument, ...path.map(String)].join('.'), message }));
  return { ok: false, problems };
};

/** The `ValidationFailed` of the graph. */
export const validationFailed = (problems: readonly FieldProblem[]) =>
  ({
    __typename: 'ValidationFailed',
    message: problems.map(({ path, message }) => `${path}: ${message}`).join('; '),
    problems,
  }) as const;

// Control characters, and half characters, are no text; they only hide something.
const LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u;
const PARAGRAPHS = /^[^\p{Cc}\p{Cs}]*(?:[\n\t\r][^\p{Cc}\p{Cs}]*)*$/u;

const text = (allowed: RegExp, minLength: number, maxLength: number) => {
  const expected =
    minLength === 0
      ? `expected at most ${maxLength} characters of text`
      : `expected ${minLength} to ${maxLength} characters of text`;
  return z
    .string(expected)
    .transform((given) => given.normalize('NFC').trim())
    .refine((given) => {
      // Characters as people count them, near enough: code points.
      const length = given.length > 2 * maxLength ? Infinity : Array.from(given).length;
      return length >= minLength && length <= maxLength && allowed.test(given);
    }, expected);
};

/** One line of text, trimmed and composed (NFC). */
export const line = (minLength: number, maxLength: number) => text(LINE, minLength, maxLength);

/** Text that may have several lines, trimmed and composed (NFC). */
export const paragraphs = (maxLength: number) => text(PARAGRAPHS, 0, maxLength);

/** An optional text that is empty is no text. */
export const emptyAsNull = (given: string | null | undefined) => (given === '' ? null : given);

/** A whole number between these, both included. */
export const wholeNumber = (minimum: number, maximum: number) => {
  const expected = `expected a whole number from ${minimum} to ${maximum}`;
  return z.number(expected).int(expected).min(minimum, expected).max(maximum, expected);
};

/** A number between these, both included. */
export const numberBetween = (minimum: number, maximum: number) => {
  const expected = `expected a number from ${minimum} to ${maximum}`;
  return z.number(expected).min(minimum, expected).max(maximum, expected);
};

/** A list with at most so many items. */
export const listOf = <Item extends z.ZodType>(item: Item, maxItems: number) =>
  z.array(item, 'expected a list').max(maxItems, `expected at most ${maxItems} items`);

/** A URL that browsers load without a warning; the URL scalar has judged the rest. */
export const httpsUrl = z
  .string('expected an https URL')
  .max(2_048, 'expected at most 2048 characters')
  .startsWith('https://', 'expected an https URL');

/** The fields that an update gives: those left out stay as they are, so they must not be there. */
export const givenFields = <Fields extends object>(fields: Fields): GivenFields<Fields> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as GivenFields<Fields>;

type GivenFields<Fields> = { [Field in keyof Fields]?: Exclude<Fields[Field], undefined> };
