/** A part or a job in a film. `billing` counts from 1 in the order of the titles. */
export type DemoCredit =
  | { kind: 'CAST'; personId: string; name: string; character?: string; billing: number }
  | { kind: 'CREW'; personId: string; name: string; job: string };

/** A film's content, free of routing and storage. What is not known for sure is absent. */
export interface DemoFilm {
  /** `tt…` where the IMDb id is known, else derived from title and year; stable over runs. */
  id: string;
  title: string;
  originalTitle?: string;
  year?: number;
  /** YYYY-MM-DD, always within `year`. */
  releaseDate?: string;
  runtimeMinutes?: number;
  genres: string[];
  plot?: string;
  tagline?: string;
  /** ISO 639-1 */
  languages: string[];
  /** ISO 3166-1 alpha-2; `SU` for films of the Soviet Union. */
  countries: string[];
  certification?: string;
  externalIds: { imdb?: string };
  /** 0 to 10 */
  rating?: number;
  voteCount?: number;
  /** Thousands of votes; see the package's README for films without votes. */
  popularity: number;
  credits: DemoCredit[];
}
