import { isEntityId } from '@marquee/subgraph-kit';
import type { StoredPerson } from '../data-sources/people.ts';
import type { PersonContext } from '../subgraph.ts';

export const personFields = {
  __resolveReference: ({ id }: { id: string }, { sources }: PersonContext) =>
    isEntityId(id) ? sources.people.findById(id) : null,
  id: (person: StoredPerson) => person._id,
};
