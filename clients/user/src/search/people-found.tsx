import { useGraphQuery } from '@marquee/client-kit';
import { SearchPeopleDocument } from '../generated/graphql.ts';
import { personPath } from '../paths.ts';

const PEOPLE_FIRST = 6;

/** One letter begins too many names to be of use. */
const QUERY_MIN_CHARACTERS = 2;

/** People whose name fits the words. The films below are what matters, so trouble is silent. */
export const PeopleFound = ({ query }: { query: string }) => {
  const { state } = useGraphQuery(
    SearchPeopleDocument,
    query.length < QUERY_MIN_CHARACTERS ? undefined : { query, first: PEOPLE_FIRST },
  );
  const data =
    state.status === 'ready' ? state.data : state.status === 'loading' ? state.last : undefined;
  const people = data?.people?.nodes ?? [];
  if (people.length === 0) return null;
  return (
    <section class="people-found" aria-labelledby="people-found">
      <h2 class="people-found__title" id="people-found">
        People
      </h2>
      <ul class="row">
        {people.map((person) => (
          <li key={person.id}>
            <a class="button button--small" href={personPath(person.id)}>
              {person.name}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
};
