import type { FilmCredit, MovieContent } from '@marquee/subgraph-kit/documents';
import { movieContent } from '@marquee/subgraph-kit/documents';
import {
  emptyAsNull,
  givenFields,
  httpsUrl,
  isEntityId,
  line,
  listOf,
  numberBetween,
  paragraphs,
  wholeNumber,
} from '@marquee/subgraph-kit';
import { z } from 'zod';

/** The year of the first film. */
const YEAR_MIN = 1888;

/** How far ahead films are announced. */
const YEARS_AHEAD_MAX = 10;

/** More catalogues than know of any one film. */
const EXTERNAL_IDS_MAX = 20;

/** Far above every popularity; beyond it no two numbers are told apart reliably. */
const POPULARITY_MAX = 1_000_000_000;

/** What GraphQL's Int holds. */
const VOTES_MAX = 2_147_483_647;

const optionalLine = (maxLength: number) => line(0, maxLength).nullish().transform(emptyAsNull);

const code = (pattern: RegExp, expected: string) => z.string().regex(pattern, expected);

const Credit = z
  .object({
    kind: z.enum(['CAST', 'CREW']),
    personId: z.string().refine(isEntityId, 'expected the id of a person'),
    character: optionalLine(200),
    job: optionalLine(100),
  })
  .superRefine(({ kind, job, character }, context) => {
    const problem = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (kind === 'CREW' && !job) problem('job', 'expected the job, for crew');
    if (kind === 'CREW' && character) problem('character', 'expected none, for crew');
    if (kind === 'CAST' && job) problem('job', 'expected none, for cast');
  });

// A source is the name of a field in the stored film: nothing in it means anything to MongoDB.
const ExternalIds = listOf(
  z.object({
    source: code(/^[a-z][a-z0-9-]{0,29}$/, 'expected 1 to 30 of a-z, 0-9 and "-", a letter first'),
    id: line(1, 200),
  }),
  EXTERNAL_IDS_MAX,
).superRefine((ids, context) => {
  for (const [index, { source }] of ids.entries()) {
    if (ids.findIndex((other) => other.source === source) === index) continue;
    const message = 'expected one id for each source';
    context.addIssue({ code: 'custom', path: [index, 'source'], message });
  }
});

const fieldsAt = (nowMs: number) => {
  const yearMax = new Date(nowMs).getUTCFullYear() + YEARS_AHEAD_MAX;
  const isFilmYear = (date: string) =>
    Number(date.slice(0, 4)) >= YEAR_MIN && Number(date.slice(0, 4)) <= yearMax;
  return {
    originalTitle: optionalLine(300),
    year: wholeNumber(YEAR_MIN, yearMax).nullish(),
    releaseDate: z
      .string()
      .refine(isFilmYear, `expected a day from ${YEAR_MIN} to ${yearMax}`)
      .nullish(),
    runtimeMinutes: wholeNumber(1, 1_500).nullish(),
    genres: listOf(line(1, 50), 20).nullish(),
    plot: paragraphs(5_000).nullish().transform(emptyAsNull),
    tagline: paragraphs(500).nullish().transform(emptyAsNull),
    languages: listOf(code(/^[a-z]{2}$/, 'expected an ISO 639-1 code, e.g. "en"'), 50).nullish(),
    countries: listOf(
      code(/^[A-Z]{2}$/, 'expected an ISO 3166-1 alpha-2 code, e.g. "US"'),
      50,
    ).nullish(),
    certification: optionalLine(20),
    posterUrl: httpsUrl.nullish(),
    externalIds: ExternalIds.nullish().transform(
      (ids) => ids && Object.fromEntries(ids.map(({ source, id }) => [source, id])),
    ),
    rating: numberBetween(0, 10).nullish(),
    voteCount: wholeNumber(0, VOTES_MAX).nullish(),
    popularity: numberBetween(0, POPULARITY_MAX).nullish(),
    credits: listOf(Credit, 500).nullish(),
  };
};

/** `CreateMovieInput`, as far as GraphQL's types do not say it. */
export const createMovieInput = (nowMs: number) =>
  z.object({ title: line(1, 300), ...fieldsAt(nowMs) });

/** `UpdateMovieInput`: a field left out stays, null empties. */
export const updateMovieInput = (nowMs: number) =>
  z.object({ title: line(1, 300).optional(), ...fieldsAt(nowMs) });

export type MovieChanges = z.output<ReturnType<typeof updateMovieInput>>;

/** The credits of an input, with the names under which their people are known now. */
export const namedCredits = (
  credits: NonNullable<MovieChanges['credits']>,
  names: ReadonlyMap<string, string>,
): FilmCredit[] =>
  credits.map(({ kind, personId, character, job }) => {
    const name = names.get(personId) ?? '';
    return kind === 'CAST'
      ? { kind, personId, name, character }
      : { kind, personId, name, job: job ?? '' };
  });

/** The content of a film after these changes. */
export const changedMovie = (
  current: MovieContent,
  { credits, title, ...changes }: MovieChanges,
  names: ReadonlyMap<string, string>,
): MovieContent =>
  movieContent({
    ...current,
    ...givenFields(changes),
    title: title ?? current.title,
    credits: credits === undefined ? current.credits : namedCredits(credits ?? [], names),
  });
