import { useFocusOnArrival, usePlace } from '@marquee/client-kit';
import { MoviePage } from './movie/movie-page.tsx';
import { MissingPage } from './missing-page.tsx';
import { PATTERNS } from './paths.ts';
import { PersonPage } from './person/person-page.tsx';
import { SearchPage } from './search/search-page.tsx';
import { SignInProvider } from './sign-in.tsx';
import { SiteFooter } from './site-footer.tsx';
import { SiteHeader } from './site-header.tsx';

export const App = () => {
  const place = usePlace();
  const main = useFocusOnArrival(place.path);
  return (
    <SignInProvider>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <SiteHeader />
      <main class="page" id="main" tabIndex={-1} ref={main}>
        <CurrentPage pattern={place.pattern} id={place.params['id'] ?? ''} />
      </main>
      <SiteFooter />
    </SignInProvider>
  );
};

const CurrentPage = ({ pattern, id }: { pattern: string | undefined; id: string }) => {
  switch (pattern) {
    case PATTERNS.search:
      return <SearchPage />;
    case PATTERNS.movie:
      return <MoviePage key={id} id={id} />;
    case PATTERNS.person:
      return <PersonPage key={id} id={id} />;
    case undefined:
    default:
      return <MissingPage what="page" />;
  }
};
