import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useGraph, useViewerId } from './graph-context.ts';
import type { TypedDocument } from './graph.ts';
import type { GraphProblem } from './graph-problem.ts';
import { isAbort } from './is-abort.ts';

/** Loading keeps the last data, so that a page does not flicker while its answer changes. */
export type QueryState<Result> =
  | { readonly status: 'idle' }
  | { readonly status: 'loading'; readonly last: Result | undefined }
  | {
      readonly status: 'ready';
      readonly data: Result;
      readonly problems: readonly GraphProblem[];
    }
  | { readonly status: 'failed'; readonly problems: readonly GraphProblem[] };

/**
 * The answer for these variables, asked again when they or the viewer change; undefined variables
 * ask nothing. An answer that is no longer wanted is aborted and never shown.
 */
export const useGraphQuery = <Result, Variables>(
  document: TypedDocument<Result, Variables>,
  variables: NoInfer<Variables> | undefined,
): { state: QueryState<Result>; reload: () => void } => {
  const graph = useGraph();
  const viewerId = useViewerId();
  const [state, setState] = useState<QueryState<Result>>({ status: 'idle' });
  const [turn, setTurn] = useState(0);
  const lastData = useRef<Result | undefined>(undefined);
  const key = variables === undefined ? undefined : JSON.stringify(variables);

  useEffect(() => {
    if (key === undefined) {
      lastData.current = undefined;
      setState({ status: 'idle' });
      return undefined;
    }
    const controller = new AbortController();
    setState({ status: 'loading', last: lastData.current });
    void graph
      .request(document, JSON.parse(key) as Variables, { signal: controller.signal })
      .then(({ data, problems }) => {
        if (controller.signal.aborted) return;
        lastData.current = data ?? undefined;
        setState(
          data === null ? { status: 'failed', problems } : { status: 'ready', data, problems },
        );
      })
      .catch((error: unknown) => {
        if (!isAbort(error)) throw error;
      });
    return () => {
      controller.abort();
    };
  }, [graph, document, key, viewerId, turn]);

  const reload = useCallback(() => {
    setTurn((count) => count + 1);
  }, []);
  return { state, reload };
};
