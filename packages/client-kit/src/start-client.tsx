import { render, type ComponentChildren } from 'preact';
import { createGraph } from './graph.ts';
import { GraphProvider } from './graph-context.ts';
import { createPageMemory } from './page-memory.ts';
import { createRouter, RouterProvider } from './router.ts';
import { createSessionStore } from './session.ts';

/**
 * Starts a client in the element `#app`, with the graph of its own origin. `patterns` are the
 * paths that are its own; the browser loads all others.
 */
export const startClient = (patterns: readonly string[], app: ComponentChildren): void => {
  const root = document.getElementById('app');
  if (!root) throw new Error('The page has no element #app.');
  const sessions = createSessionStore({
    storage: window.sessionStorage,
    nowMs: () => Date.now(),
    setTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return () => {
        clearTimeout(timer);
      };
    },
  });
  const services = {
    sessions,
    graph: createGraph({ url: '/graphql', fetch: window.fetch.bind(window), sessions }),
    memory: createPageMemory(),
  };
  render(
    <GraphProvider value={services}>
      <RouterProvider value={createRouter(patterns, window)}>{app}</RouterProvider>
    </GraphProvider>,
    root,
  );
};
