import { isAbort, useDebounced, useGraph } from '@marquee/client-kit';
import { useEffect, useState } from 'preact/hooks';
import type { Collection, Filters, Listing } from './collection.ts';

const QUIET_MS = 200;

/** The rows behind a cursor, asked for again when `turn` changes. The last rows stay meanwhile. */
export const useListing = <Row, Draft extends object>(
  collection: Collection<Row, Draft>,
  filters: Filters,
  { first, after, turn }: { first: number; after: string | null; turn: number },
): { listing: Listing<Row> | undefined; loading: boolean } => {
  const graph = useGraph();
  const [listing, setListing] = useState<Listing<Row>>();
  const [loading, setLoading] = useState(true);
  const request = useDebounced(JSON.stringify({ filters, after }), QUIET_MS);

  useEffect(() => {
    const controller = new AbortController();
    const wanted = JSON.parse(request) as { filters: Filters; after: string | null };
    setLoading(true);
    collection
      .list(graph, wanted.filters, { first, after: wanted.after }, controller.signal)
      .then((answer) => {
        if (controller.signal.aborted) return;
        setListing(answer);
        setLoading(false);
      })
      .catch((error: unknown) => {
        if (!isAbort(error)) throw error;
      });
    return () => {
      controller.abort();
    };
  }, [graph, collection, first, request, turn]);

  return { listing, loading };
};
