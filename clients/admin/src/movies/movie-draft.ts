import type {
  CreditInput,
  CreditKind,
  ExternalIdInput,
  MovieRecordFragment,
} from '../generated/graphql.ts';
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
  readonly rating: string;
  readonly voteCount: string;
  readonly popularity: string;
  /** One a line: the catalogue, a colon, the id there. */
  readonly externalIds: string;
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
  rating: '',
  voteCount: '',
  popularity: '',
  externalIds: '',
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
  rating: asText(movie.rating),
  voteCount: asText(movie.voteCount),
  popularity: asText(movie.popularity),
  externalIds: movie.externalIds.map(({ source, id }) => `${source}: ${id}`).join('\n'),
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
  rating: numberOrNull(draft.rating),
  voteCount: numberOrNull(draft.voteCount),
  popularity: numberOrNull(draft.popularity),
  externalIds: externalIdsOf(draft.externalIds),
  credits: draft.credits.map(creditInputOf),
});

// What has no colon is a catalogue without an id: the graph says what is wrong with it.
const externalIdsOf = (text: string): ExternalIdInput[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [, source = line, id = ''] = /^([^:]*):(.*)$/.exec(line) ?? [];
      return { source: source.trim(), id: id.trim() };
    });

const creditInputOf = ({ kind, person, part }: CreditDraft): CreditInput => ({
  kind,
  // The graph answers an id that is missing as it answers one that it does not know.
  personId: person?.id ?? '',
  ...(kind === 'CAST' ? { character: textOrNull(part) } : { job: textOrNull(part) }),
});
