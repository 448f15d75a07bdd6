/** The addresses of this client; `add` comes first, since no collection is called `new`. */
export const PATTERNS = {
  home: '/admin',
  add: '/admin/new/:collection',
  table: '/admin/:collection',
  record: '/admin/:collection/:id',
} as const;

export const tablePath = (collection: string, search = ''): string =>
  `/admin/${collection}${search === '' ? '' : `?${search}`}`;

export const addPath = (collection: string): string => `/admin/new/${collection}`;

export const recordPath = (collection: string, id: string): string =>
  `/admin/${collection}/${encodeURIComponent(id)}`;
