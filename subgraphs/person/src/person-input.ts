import { personContent, type PersonContent } from '@marquee/subgraph-kit/documents';
import {
  checkInput,
  emptyAsNull,
  givenFields,
  httpsUrl,
  line,
  listOf,
  numberBetween,
  paragraphs,
  type ChangeResult,
  type Checked,
  type FieldProblem,
} from '@marquee/subgraph-kit';
import { z } from 'zod';

/** Far above every popularity; beyond it no two numbers are told apart reliably. */
const POPULARITY_MAX = 1_000_000_000;

const name = line(1, 200);

const fields = {
  alsoKnownAs: listOf(name, 50).nullish(),
  birthDate: z.string().nullish(),
  deathDate: z.string().nullish(),
  biography: paragraphs(10_000).nullish().transform(emptyAsNull),
  photoUrl: httpsUrl.nullish(),
  popularity: numberBetween(0, POPULARITY_MAX).nullish(),
};

const Create = z.object({ name, ...fields });
const Update = z.object({ name: name.optional(), ...fields });

export type PersonChanges = z.output<typeof Update>;

// Both are `YYYY-MM-DD`, whose order is that of the days.
const lifeProblems = (person: {
  readonly birthDate?: string | null | undefined;
  readonly deathDate?: string | null | undefined;
}): FieldProblem[] =>
  person.birthDate && person.deathDate && person.deathDate < person.birthDate
    ? [{ path: 'input.deathDate', message: 'expected a day not before birth' }]
    : [];

/** The content of a new person. */
export const newPerson = (input: unknown): Checked<PersonContent> => {
  const checked = checkInput(Create, input);
  if (!checked.ok) return checked;
  const problems = lifeProblems(checked.input);
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, input: personContent(checked.input) };
};

/** `UpdatePersonInput`: a field left out stays, null empties. */
export const personChanges = (input: unknown): Checked<PersonChanges> => checkInput(Update, input);

/** The content of a person after these changes; what fits together is judged on the whole. */
export const changedPerson = (
  current: PersonContent,
  { name: newName, ...changes }: PersonChanges,
): ChangeResult<PersonContent> => {
  const person = { ...current, ...givenFields(changes), name: newName ?? current.name };
  const problems = lifeProblems(person);
  return problems.length > 0 ? { problems } : { content: personContent(person) };
};
