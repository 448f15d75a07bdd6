import { useEffect, useRef, useState } from 'preact/hooks';
import { useGraph, useGraphServices, useViewerId } from './graph-context.ts';
import type { TypedDocument } from './graph.ts';
import type { GraphProblem } from './graph-problem.ts';
import { isAbort } from './is-abort.ts';

/** A connection of the graph, as its queries select it. */
export interface Connection<Node> {
  readonly nodes: readonly Node[];
  readonly totalCount?: number | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** The pages of a connection so far, one after the other. */
export interface Pages<Node> {
  readonly connection: Connection<Node> | undefined;
  /** Of the request for the beginning of the list. */
  readonly problems: readonly GraphProblem[];
  /** Of the last request for more of it. */
  readonly problemsOfMore: readonly GraphProblem[];
  readonly loading: boolean;
}

interface PageVariables {
  first?: number | null | undefined;
  after?: string | null | undefined;
}

/** The graph's limit on `first`. */
const FIRST_MAX = 100;

export interface PagesOptions<Node> {
  readonly pageSize: number;
  /** The first page, where another query brought it along. */
  readonly start?: Connection<Node> | undefined;
}

/**
 * A list that grows: its first page is asked for when `variables` change, the next by `loadMore`.
 * A list that was seen before is shown as it was at once, and then as it is now.
 */
export const usePages = <Result, Variables extends PageVariables, Node>(
  document: TypedDocument<Result, Variables>,
  variables: Omit<NoInfer<Variables>, 'first' | 'after'>,
  connectionOf: (data: Result) => Connection<Node> | null | undefined,
  { pageSize, start }: PagesOptions<NoInfer<Node>>,
): Pages<Node> & { loadMore: () => void; reload: () => void } => {
  const graph = useGraph();
  const { memory } = useGraphServices();
  const viewerId = useViewerId();
  const key = JSON.stringify([document.toString(), variables, viewerId ?? null]);
  const [pages, setPages] = useState<Pages<Node>>({
    connection: start ?? (memory.recall(key) as Connection<Node> | undefined),
    problems: [],
    problemsOfMore: [],
    loading: start === undefined,
  });
  const pending = useRef<AbortController>(undefined);

  const load = async (before: Connection<Node> | undefined, first: number): Promise<void> => {
    const controller = new AbortController();
    pending.current?.abort();
    pending.current = controller;
    setPages((shown) => ({ ...shown, loading: true }));
    const request = { ...variables, first, after: before?.pageInfo.endCursor ?? null };
    const { data, problems } = await graph.request(document, request as unknown as Variables, {
      signal: controller.signal,
    });
    if (controller.signal.aborted) return;
    const page = data === null ? undefined : (connectionOf(data) ?? undefined);
    // A page that failed leaves those before it.
    const connection =
      before && page ? { ...page, nodes: [...before.nodes, ...page.nodes] } : (page ?? before);
    if (connection) memory.keep(key, connection);
    setPages((shown) => ({
      connection,
      problems: before ? shown.problems : problems,
      problemsOfMore: before ? problems : [],
      loading: false,
    }));
  };

  const begin = (before: Connection<Node> | undefined, first: number): void => {
    load(before, first).catch((error: unknown) => {
      if (!isAbort(error)) throw error;
    });
  };

  /** As much of it as is shown already, where one request may bring that much. */
  const beginAnew = (seen: Connection<Node> | undefined): void => {
    begin(undefined, Math.min(Math.max(seen?.nodes.length ?? 0, pageSize), FIRST_MAX));
  };

  useEffect(() => {
    if (start) {
      setPages({ connection: start, problems: [], problemsOfMore: [], loading: false });
    } else {
      const seen = memory.recall(key) as Connection<Node> | undefined;
      if (seen) setPages((shown) => ({ ...shown, connection: seen }));
      beginAnew(seen);
    }
    return () => pending.current?.abort();
  }, [graph, key, pageSize, start]);

  const loadMore = (): void => {
    const { connection, loading } = pages;
    if (!loading && connection?.pageInfo.hasNextPage) begin(connection, pageSize);
  };
  const reload = (): void => {
    beginAnew(pages.connection);
  };
  return { ...pages, loadMore, reload };
};
