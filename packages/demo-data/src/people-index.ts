import type { DemoPerson } from './demo-person.ts';
import type { PersonFacts } from './facts/person-facts.ts';
import { slug } from './slug.ts';

const ID_MAX_LENGTH = 64;

/** Gives credited names their person, and remembers who was credited. */
export interface PeopleIndex {
  /** The person of a name as a source writes it: `Andy Wachowski` and `Lilly Wachowski` are one. */
  credit(reference: string): { personId: string; name: string };
  credited(): DemoPerson[];
}

/**
 * Names that differ only in accents, case or punctuation are one person, spelled as first seen;
 * so are the other names that the facts list. A qualifier (`#director`) keeps namesakes apart.
 */
export const createPeopleIndex = (facts: readonly PersonFacts[]): PeopleIndex => {
  const known = new Map<string, PersonFacts>();
  for (const person of facts) known.set(idOf(person.name), person);
  for (const person of facts) {
    for (const alias of person.alsoKnownAs ?? []) {
      if (!known.has(idOf(alias))) known.set(idOf(alias), person);
    }
  }
  const people = new Map<string, DemoPerson>();

  return {
    credit(reference) {
      const person = known.get(idOf(reference)) ?? { name: reference };
      const id = idOf(person.name);
      const present = people.get(id) ?? toPerson(id, person);
      people.set(id, present);
      return { personId: id, name: present.name };
    },
    credited: () => [...people.values()],
  };
};

const idOf = (reference: string): string => `nm-${slug(reference, ID_MAX_LENGTH - 'nm-'.length)}`;

const toPerson = (id: string, { name, alsoKnownAs, ...rest }: PersonFacts): DemoPerson => ({
  id,
  name: name.replace(/#.*$/, ''),
  alsoKnownAs: [...(alsoKnownAs ?? [])],
  ...rest,
});
