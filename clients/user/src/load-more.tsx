import { ProblemNotice, type GraphProblem } from '@marquee/client-kit';

export interface LoadMoreProps {
  readonly what: string;
  readonly shown: number;
  readonly totalCount: number | null | undefined;
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly problems: readonly GraphProblem[];
  readonly onLoadMore: () => void;
}

/** The end of a list that goes on. */
export const LoadMore = ({
  what,
  shown,
  totalCount,
  hasMore,
  loading,
  problems,
  onLoadMore,
}: LoadMoreProps) => (
  <div class="load-more">
    <ProblemNotice problems={problems} partial={shown > 0} />
    {hasMore && (
      <>
        <p class="soft small">
          Showing {shown.toLocaleString('en')}
          {typeof totalCount === 'number' && ` of ${totalCount.toLocaleString('en')}`}
        </p>
        <button type="button" class="button" aria-disabled={loading} onClick={onLoadMore}>
          {loading ? 'Loading…' : `More ${what}`}
        </button>
      </>
    )}
  </div>
);
