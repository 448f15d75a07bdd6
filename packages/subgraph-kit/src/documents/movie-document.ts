import { normaliseText, searchWords } from '../search-text.ts';
import { withoutAbsent, type Absent, type NewDocument } from './content.ts';
import { typoKeys } from './typo-keys.ts';

/** One credit as a film is described with it; the billing of the cast is the order of the list. */
export type FilmCredit =
  | {
      readonly kind: 'CAST';
      readonly personId: string;
      readonly name: string;
      readonly character?: string | Absent;
    }
  | {
      readonly kind: 'CREW';
      readonly personId: string;
      readonly name: string;
      readonly job: string;
    };

/** A film as an importer or an admin describes it. */
export interface Film {
  readonly id: string;
  readonly title: string;
  readonly originalTitle?: string | Absent;
  readonly year?: number | Absent;
  /** `YYYY-MM-DD` */
  readonly releaseDate?: string | Absent;
  readonly runtimeMinutes?: number | Absent;
  readonly genres?: readonly string[] | Absent;
  readonly plot?: string | Absent;
  readonly tagline?: string | Absent;
  /** ISO 639-1 */
  readonly languages?: readonly string[] | Absent;
  /** ISO 3166-1 alpha-2 */
  readonly countries?: readonly string[] | Absent;
  readonly certification?: string | Absent;
  readonly posterUrl?: string | Absent;
  /** Source → id there, e.g. `{ imdb: 'tt0133093' }`. */
  readonly externalIds?: Readonly<Record<string, string>> | Absent;
  /** 0 to 10. */
  readonly rating?: number | Absent;
  readonly voteCount?: number | Absent;
  readonly popularity?: number | Absent;
  readonly credits?: readonly FilmCredit[] | Absent;
}

export type StoredCredit =
  | {
      readonly kind: 'CAST';
      readonly personId: string;
      readonly name: string;
      readonly character?: string;
      readonly billing: number;
    }
  | {
      readonly kind: 'CREW';
      readonly personId: string;
      readonly name: string;
      readonly job: string;
    };

/** What a document of `movies` holds beside what every document holds. */
export type MovieContent = {
  readonly title: string;
  readonly originalTitle?: string;
  readonly titleSort: string;
  readonly year?: number;
  readonly releaseDate?: string;
  readonly runtimeMinutes?: number;
  readonly genres: readonly string[];
  readonly plot?: string;
  readonly tagline?: string;
  readonly languages: readonly string[];
  readonly countries: readonly string[];
  readonly certification?: string;
  readonly posterUrl?: string;
  readonly externalIds: Readonly<Record<string, string>>;
  readonly rating?: number;
  readonly voteCount?: number;
  readonly popularity: number;
  readonly credits: readonly StoredCredit[];
  readonly personIds: readonly string[];
  readonly search: readonly string[];
  readonly typos: readonly string[];
};

/** The content that is stored of a film: what was given, and what searches and indexes derive from it. */
export const movieContent = (film: Omit<Film, 'id'>): MovieContent => {
  const credits = storedCredits(film.credits ?? []);
  const search = searchWords(film.title, film.originalTitle ?? undefined);
  return {
    ...withoutAbsent({
      originalTitle: film.originalTitle,
      year: film.year,
      releaseDate: film.releaseDate,
      runtimeMinutes: film.runtimeMinutes,
      plot: film.plot,
      tagline: film.tagline,
      certification: film.certification,
      posterUrl: film.posterUrl,
      rating: film.rating,
      voteCount: film.voteCount,
    }),
    title: film.title,
    titleSort: normaliseText(film.title),
    genres: [...new Set(film.genres ?? [])],
    languages: [...new Set(film.languages ?? [])],
    countries: [...new Set(film.countries ?? [])],
    externalIds: film.externalIds ?? {},
    popularity: film.popularity ?? 0,
    credits,
    personIds: [...new Set(credits.map((credit) => credit.personId))],
    search,
    typos: typoKeys(search),
  };
};

/** The document of a new film; `search`, `titleSort`, `personIds` and the billing are derived. */
export const movieDocument = (film: Film): NewDocument & MovieContent => ({
  _id: film.id,
  revision: 1,
  deleted: false,
  ...movieContent(film),
});

// Cast in billing order, then crew, whatever order they were given in.
const storedCredits = (credits: readonly FilmCredit[]): StoredCredit[] => {
  const cast = credits.filter((credit) => credit.kind === 'CAST');
  const crew = credits.filter((credit) => credit.kind === 'CREW');
  return [
    ...cast.map(({ kind, personId, name, character }, index) => ({
      kind,
      personId,
      name,
      ...withoutAbsent({ character }),
      billing: index + 1,
    })),
    ...crew.map(({ kind, personId, name, job }) => ({ kind, personId, name, job })),
  ];
};
