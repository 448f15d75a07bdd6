import { useFocusOnArrival, usePlace } from '@marquee/client-kit';
import { AdminHeader } from './admin-header.tsx';
import { FlashProvider } from './flash.tsx';
import { interactionCollection } from './interactions/interaction-collection.tsx';
import { MissingPage } from './missing-page.tsx';
import { movieCollection } from './movies/movie-collection.tsx';
import { PATTERNS } from './paths.ts';
import { personCollection } from './people/person-collection.tsx';
import type { Collection } from './records/collection.ts';
import { RecordPage } from './records/record-page.tsx';
import { TablePage } from './records/table-page.tsx';
import { SignInGate } from './sign-in-gate.tsx';
import { userCollection } from './users/user-collection.tsx';

export const App = () => {
  const { path } = usePlace();
  const main = useFocusOnArrival(path);
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <AdminHeader
        collections={[movieCollection, personCollection, userCollection, interactionCollection]}
      />
      <main class="page" id="main" tabIndex={-1} ref={main}>
        <SignInGate>
          <FlashProvider>
            <CurrentCollection />
          </FlashProvider>
        </SignInGate>
      </main>
    </>
  );
};

const CurrentCollection = () => {
  const { pattern, params } = usePlace();
  const slug = pattern === PATTERNS.home ? movieCollection.slug : params['collection'];
  switch (slug) {
    case movieCollection.slug:
      return <CollectionPage collection={movieCollection} />;
    case personCollection.slug:
      return <CollectionPage collection={personCollection} />;
    case userCollection.slug:
      return <CollectionPage collection={userCollection} />;
    case interactionCollection.slug:
      return <CollectionPage collection={interactionCollection} />;
    case undefined:
    default:
      return <MissingPage what="page" />;
  }
};

const CollectionPage = <Row, Draft extends object>({
  collection,
}: {
  collection: Collection<Row, Draft>;
}) => {
  const { pattern, params } = usePlace();
  const { slug } = collection;
  switch (pattern) {
    case PATTERNS.add:
      return <RecordPage key={`${slug} new`} collection={collection} id={undefined} />;
    case PATTERNS.record: {
      const id = params['id'] ?? '';
      return <RecordPage key={`${slug} ${id}`} collection={collection} id={id} />;
    }
    case undefined:
    default:
      return <TablePage key={slug} collection={collection} />;
  }
};
