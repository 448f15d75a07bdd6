import { readFileSync } from 'node:fs';

/** What is known about someone beyond the credits. The name may carry a qualifier, as in film facts. */
export interface PersonFacts {
  name: string;
  /** Also the spellings under which vega-datasets lists directors. */
  alsoKnownAs?: string[];
  birthDate?: string;
  deathDate?: string;
  biography?: string;
}

/** All people of `data/people.json`. */
export const readPersonFacts = (): PersonFacts[] =>
  JSON.parse(
    readFileSync(new URL('../../data/people.json', import.meta.url), 'utf8'),
  ) as PersonFacts[];
