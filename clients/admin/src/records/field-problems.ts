/** What the graph says about one field of an input. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** Problems by the path of their form field, e.g. `title` or `credits.3.job`. */
export interface FieldProblems {
  /** Of exactly this field. */
  at(path: string): string | undefined;
  /** Of this field and all below it. */
  under(path: string): string | undefined;
  /** Of fields that the form does not have. */
  elsewhere(fieldNames: readonly string[]): readonly FieldProblem[];
}

/** `input.credits.3.job` is `credits.3.job` in the form. */
const withoutInput = (path: string): string => path.replace(/^input\./, '');

export const fieldProblems = (problems: readonly FieldProblem[]): FieldProblems => {
  const entries = problems.map(({ path, message }) => ({ path: withoutInput(path), message }));
  const messages = (fits: (path: string) => boolean): string | undefined =>
    entries
      .filter(({ path }) => fits(path))
      .map(({ message }) => message)
      .join(' ') || undefined;
  return {
    at: (wanted) => messages((path) => path === wanted),
    under: (wanted) => messages((path) => path === wanted || path.startsWith(`${wanted}.`)),
    elsewhere: (fieldNames) =>
      entries.filter(({ path }) => !fieldNames.includes(path.split('.')[0] ?? '')),
  };
};
