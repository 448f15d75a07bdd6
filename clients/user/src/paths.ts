/** The addresses of this client. */
export const PATTERNS = {
  search: '/',
  movie: '/movies/:id',
  person: '/people/:id',
} as const;

export const moviePath = (id: string): string => `/movies/${encodeURIComponent(id)}`;

export const personPath = (id: string): string => `/people/${encodeURIComponent(id)}`;

export const genrePath = (genre: string): string =>
  `/?${new URLSearchParams({ genre }).toString()}`;
