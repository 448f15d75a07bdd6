import { isAbort, useDebounced, useGraph } from '@marquee/client-kit';
import { useEffect, useState } from 'preact/hooks';
import type { Collection, Filters, Listing } from './collection.ts';

/** A pause in typing of this length asks the graph. */
const QUIET_MS = 200;

/** The rows of one page, which stay until those of the next are there. */
interface PageOfRows<Row> {
  /** From 1. */
  readonly page: number;
  readonly listing: Listing<Row>;
  /** What was asked for. */
  readonly key: string;
}

const keyOf = (filters: string, cursors: string): string => `${filters} ${cursors}`;

/** The page behind the last cursor, asked for again when `turn` changes. */
export const useListing = <Row, Draft extends object>(
  collection: Collection<Row, Draft>,
  filters: Filters,
  { first, cursors, turn }: { first: number; cursors: readonly string[]; turn: number },
): { shown: PageOfRows<Row> | undefined; loading: boolean } => {
  const graph = useGraph();
  const [shown, setShown] = useState<PageOfRows<Row>>();
  const [pending, setPending] = useState(true);
  const filterText = JSON.stringify(filters);
  const cursorText = JSON.stringify(cursors);
  const quietFilters = useDebounced(filterText, QUIET_MS);

  useEffect(() => {
    const controller = new AbortController();
    const page = { first, after: cursors.at(-1) ?? null };
    setPending(true);
    collection
      .list(graph, JSON.parse(quietFilters) as Filters, page, controller.signal)
      .then((listing) => {
        if (controller.signal.aborted) return;
        setShown({ page: cursors.length + 1, listing, key: keyOf(quietFilters, cursorText) });
        setPending(false);
      })
      .catch((error: unknown) => {
        if (!isAbort(error)) throw error;
      });
    return () => {
      controller.abort();
    };
  }, [graph, collection, first, quietFilters, cursorText, turn]);

  return { shown, loading: pending || shown?.key !== keyOf(filterText, cursorText) };
};
