import { createContext } from 'preact';
import { useContext, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { matchPath, type PathParams } from './match-path.ts';

/** Where the browser is: a pattern of the client, or none of them. */
export interface Place {
  readonly pattern: string | undefined;
  readonly path: string;
  readonly params: PathParams;
  readonly search: URLSearchParams;
}

export interface Router {
  place(): Place;
  /** Goes to an address of this client, or lets the browser load any other. */
  go(href: string, options?: { replace?: boolean }): void;
  subscribe(listener: () => void): () => void;
}

/**
 * Client-side routes over the history API. Plain links to the patterns are followed without
 * loading a page; all other links, and those opened with a modifier key, are the browser's.
 */
export const createRouter = (patterns: readonly string[], browser: Window): Router => {
  const { history, location, document } = browser;
  const listeners = new Set<() => void>();

  const placeAt = (url: Pick<URL, 'pathname' | 'search'>): Place => {
    const search = new URLSearchParams(url.search);
    for (const pattern of patterns) {
      const params = matchPath(pattern, url.pathname);
      if (params) return { pattern, path: url.pathname, params, search };
    }
    return { pattern: undefined, path: url.pathname, params: {}, search };
  };

  let place = placeAt(location);
  const arrive = (): void => {
    place = placeAt(location);
    for (const listener of listeners) listener();
  };

  const go: Router['go'] = (href, { replace = false } = {}) => {
    const url = new URL(href, location.href);
    if (url.origin !== location.origin || placeAt(url).pattern === undefined) {
      location.assign(url);
      return;
    }
    if (replace) {
      history.replaceState(null, '', url);
    } else {
      history.pushState(null, '', url);
      browser.scrollTo(0, 0);
    }
    arrive();
  };

  browser.addEventListener('popstate', arrive);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button !== 0)
      return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target !== '' || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    const sameDocument = url.pathname === location.pathname && url.search === location.search;
    if (url.origin !== location.origin || (sameDocument && url.hash !== '')) return;
    if (placeAt(url).pattern === undefined) return;
    event.preventDefault();
    go(link.href);
  });

  return {
    place: () => place,
    go,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

const RouterContext = createContext<Router | undefined>(undefined);

export const RouterProvider = RouterContext.Provider;

export const useRouter = (): Router => {
  const router = useContext(RouterContext);
  if (!router) throw new Error('useRouter needs a RouterProvider above it.');
  return router;
};

/** The place where the browser is; renders again after each move. */
export const usePlace = (): Place => {
  const router = useRouter();
  const [place, setPlace] = useState(router.place());
  useLayoutEffect(() => {
    const arrive = (): void => {
      setPlace(router.place());
    };
    arrive();
    return router.subscribe(arrive);
  }, [router]);
  return place;
};

/**
 * The ref of a page's `<main>`: takes the focus when the path changes, as a newly loaded page
 * would, so that keyboards and screen readers begin at the new page.
 */
export const useFocusOnArrival = (path: string): { current: HTMLElement | null } => {
  const main = useRef<HTMLElement | null>(null);
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
};

/** The name of the page in the tab and the history. */
export const useTitle = (title: string): void => {
  useEffect(() => {
    document.title = title;
  }, [title]);
};
