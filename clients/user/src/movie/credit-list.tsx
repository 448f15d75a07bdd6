import { usePages } from '@marquee/client-kit';
import {
  MoreCreditsDocument,
  type CreditKind,
  type CreditsFragment,
} from '../generated/graphql.ts';
import { LoadMore } from '../load-more.tsx';
import { personPath } from '../paths.ts';

const PAGE_SIZE = 24;

export interface CreditListProps {
  readonly title: string;
  readonly movieId: string;
  readonly kind: CreditKind;
  readonly credits: CreditsFragment;
}

/** Who plays whom, or who did what. */
export const CreditList = ({ title, movieId, kind, credits }: CreditListProps) => {
  const { connection, problemsOfMore, loading, loadMore } = usePages(
    MoreCreditsDocument,
    { id: movieId, kind },
    (data) => data.movie?.credits,
    { pageSize: PAGE_SIZE, start: credits },
  );
  const shown = connection?.nodes ?? [];
  if (shown.length === 0) return null;
  return (
    <section class="stack section" aria-labelledby={`credits-${kind}`}>
      <h2 id={`credits-${kind}`}>{title}</h2>
      <ul class="credits">
        {shown.map((credit, position) => (
          <li key={position} class="credit">
            {credit.person ? (
              <a class="credit__name" href={personPath(credit.person.id)}>
                {credit.person.name}
              </a>
            ) : (
              <span class="credit__name soft">Someone no longer listed</span>
            )}
            <span class="credit__part">{credit.character ?? credit.job}</span>
          </li>
        ))}
      </ul>
      <LoadMore
        what={kind === 'CAST' ? 'cast' : 'crew'}
        shown={shown.length}
        totalCount={connection?.totalCount}
        hasMore={connection?.pageInfo.hasNextPage ?? false}
        loading={loading}
        problems={problemsOfMore}
        onLoadMore={loadMore}
      />
    </section>
  );
};
