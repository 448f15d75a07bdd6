export interface PagerProps {
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  readonly shown: number;
  readonly totalCount: number | null;
  readonly hasNextPage: boolean;
  /** Another page is on its way; the cursors of this one lead astray. */
  readonly busy: boolean;
  readonly onPrevious: () => void;
  readonly onNext: () => void;
}

export const Pager = ({
  page,
  pageSize,
  shown,
  totalCount,
  hasNextPage,
  busy,
  onPrevious,
  onNext,
}: PagerProps) => {
  const from = (page - 1) * pageSize;
  return (
    <nav class="row row--apart" aria-label="Pages">
      <p class="soft small" role="status">
        {shown > 0 && `${number(from + 1)}–${number(from + shown)}`}
        {shown > 0 && totalCount !== null && ` of ${number(totalCount)}`}
      </p>
      <div class="row">
        <button
          type="button"
          class="button button--small"
          disabled={busy || page === 1}
          onClick={onPrevious}
        >
          Previous
        </button>
        <button
          type="button"
          class="button button--small"
          disabled={busy || !hasNextPage}
          onClick={onNext}
        >
          Next
        </button>
      </div>
    </nav>
  );
};

const number = (value: number): string => value.toLocaleString('en');
