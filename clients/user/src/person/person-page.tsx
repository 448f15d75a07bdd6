import { ProblemNotice, useGraphQuery, useTitle } from '@marquee/client-kit';
import { Facts } from '../facts.tsx';
import { dayText } from '../film-facts.ts';
import { PersonDocument, type PersonQuery } from '../generated/graphql.ts';
import { LoadingPage } from '../loading-page.tsx';
import { MissingPage } from '../missing-page.tsx';
import { MovieGrid } from '../movie-grid.tsx';
import { FilmographyList } from './filmography-list.tsx';

const FILMS_FIRST = 20;

type Person = NonNullable<PersonQuery['person']>;

export const PersonPage = ({ id }: { id: string }) => {
  const { state, reload } = useGraphQuery(PersonDocument, { id, firstFilms: FILMS_FIRST });
  const data =
    state.status === 'ready' ? state.data : state.status === 'loading' ? state.last : undefined;
  const problems = 'problems' in state ? state.problems : [];
  const retry = { label: 'Try again', run: reload };
  useTitle(data?.person ? `${data.person.name} · Marquee` : 'Marquee');

  if (data?.person) {
    return (
      <article class="stack">
        <ProblemNotice problems={problems} partial action={retry} />
        <PersonDetails person={data.person} />
      </article>
    );
  }
  if (problems.length > 0) return <ProblemNotice problems={problems} action={retry} />;
  return state.status === 'ready' ? <MissingPage what="person" /> : <LoadingPage />;
};

const PersonDetails = ({ person }: { person: Person }) => (
  <>
    <div class="person">
      <div class="person__monogram" aria-hidden="true">
        {initialsOf(person.name)}
      </div>
      <div class="stack">
        <h1>{person.name}</h1>
        <Facts
          facts={[
            ['Born', person.birthDate === null ? null : dayText(person.birthDate)],
            ['Died', person.deathDate === null ? null : dayText(person.deathDate)],
            ['Also known as', person.alsoKnownAs.join(', ')],
          ]}
        />
        {person.biography !== null && <p class="film__plot">{person.biography}</p>}
      </div>
    </div>
    {person.knownFor && person.knownFor.length > 0 && (
      <section class="stack section" aria-labelledby="known-for">
        <h2 id="known-for">Known for</h2>
        <MovieGrid movies={person.knownFor} />
      </section>
    )}
    {person.filmography && (
      <FilmographyList personId={person.id} filmography={person.filmography} />
    )}
  </>
);

const initialsOf = (name: string): string => {
  const words = name.split(/\s+/u).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => /^./u.exec(word ?? '')?.[0] ?? '').join('');
};
