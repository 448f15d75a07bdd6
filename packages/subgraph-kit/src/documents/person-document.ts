import { normaliseText, searchWords } from '../search-text.ts';
import { withoutAbsent, type Absent, type NewDocument } from './content.ts';
import { typoKeys } from './typo-keys.ts';

/** Someone who makes films, as an importer or an admin describes them. */
export interface PersonDescription {
  readonly id: string;
  readonly name: string;
  readonly alsoKnownAs?: readonly string[] | Absent;
  /** `YYYY-MM-DD` */
  readonly birthDate?: string | Absent;
  /** `YYYY-MM-DD` */
  readonly deathDate?: string | Absent;
  readonly biography?: string | Absent;
  readonly photoUrl?: string | Absent;
  readonly popularity?: number | Absent;
}

/** What a document of `person` holds beside what every document holds. */
export type PersonContent = {
  readonly name: string;
  readonly nameSort: string;
  readonly alsoKnownAs: readonly string[];
  readonly birthDate?: string;
  readonly deathDate?: string;
  readonly biography?: string;
  readonly photoUrl?: string;
  readonly popularity: number;
  readonly search: readonly string[];
  readonly typos: readonly string[];
};

/** The content that is stored of a person. */
export const personContent = (person: Omit<PersonDescription, 'id'>): PersonContent => {
  const alsoKnownAs = [...new Set(person.alsoKnownAs ?? [])];
  const search = searchWords(person.name, ...alsoKnownAs);
  return {
    ...withoutAbsent({
      birthDate: person.birthDate,
      deathDate: person.deathDate,
      biography: person.biography,
      photoUrl: person.photoUrl,
    }),
    name: person.name,
    nameSort: normaliseText(person.name),
    alsoKnownAs,
    popularity: person.popularity ?? 0,
    search,
    typos: typoKeys(search),
  };
};

/** The document of a new person. */
export const personDocument = (person: PersonDescription): NewDocument & PersonContent => ({
  _id: person.id,
  revision: 1,
  deleted: false,
  ...personContent(person),
});
