import type { CreditInput, CreditKind, MovieRecordFragment } from '../generated/graphql.ts';
import type { PickedRecord } from '../picker/picked-record.ts';
import { asText, listOf, numberOrNull, textOrNull } from '../records/draft-values.ts';

export interface CreditDraft {
  readonly kind: CreditKind;
  readonly person: PickedRecord | undefined;
  /** The character for cast, the job for crew. */
  readonly part: string;
}

export interface MovieDraft {
  readonly title: string;
  readonly originalTitle: string;
  readonly year: string;
  readonly releaseDate: string;
  readonly runtimeMinutes: string;
  readonly certification: string;
  readonly genres: string;
  readonly languages: string;
  readonly countries: string;
  readonly tagline: string;
  readonly plot: string;
  readonly posterUrl: string;
  readonly credits: readonly CreditDraft[];
}

export const emptyMovieDraft: MovieDraft = {
  title: '',
  originalTitle: '',
  year: '',
  releaseDate: '',
  runtimeMinutes: '',
  certification: '',
  genres: '',
  languages: '',
  countries: '',
  tagline: '',
  plot: '',
  posterUrl: '',
  credits: [],
};

export const movieDraftOf = (
  movie: MovieRecordFragment,
  credits: readonly CreditDraft[],
): MovieDraft => ({
  title: movie.title,
  originalTitle: asText(movie.originalTitle),
  year: asText(movie.year),
  releaseDate: asText(movie.releaseDate),
  runtimeMinutes: asText(movie.runtimeMinutes),
  certification: asText(movie.certification),
  genres: movie.genres.join(', '),
  languages: movie.languages.join(', '),
  countries: movie.countries.join(', '),
  tagline: asText(movie.tagline),
  plot: asText(movie.plot),
  posterUrl: asText(movie.posterUrl),
  credits,
});

export const movieInputOf = (draft: MovieDraft) => ({
  title: draft.title.trim(),
  originalTitle: textOrNull(draft.originalTitle),
  year: numberOrNull(draft.year),
  releaseDate: textOrNull(draft.releaseDate),
  runtimeMinutes: numberOrNull(draft.runtimeMinutes),
  certification: textOrNull(draft.certification),
  genres: listOf(draft.genres),
  languages: listOf(draft.languages),
  countries: listOf(draft.countries),
  tagline: textOrNull(draft.tagline),
  plot: textOrNull(draft.plot),
  posterUrl: textOrNull(draft.posterUrl),
  credits: draft.credits.map(creditInputOf),
});

const creditInputOf = ({ kind, person, part }: CreditDraft): CreditInput => ({
  kind,
  // The graph answers an id that is missing as it answers one that it does not know.
  personId: person?.id ?? '',
  ...(kind === 'CAST' ? { character: textOrNull(part) } : { job: textOrNull(part) }),
});
