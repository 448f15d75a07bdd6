const BY_MAJOR_GENRE: Readonly<Record<string, readonly string[]>> = {
  Action: ['Action'],
  Adventure: ['Adventure'],
  'Black Comedy': ['Comedy'],
  Comedy: ['Comedy'],
  'Concert/Performance': ['Music'],
  Documentary: ['Documentary'],
  Drama: ['Drama'],
  Horror: ['Horror'],
  Musical: ['Musical'],
  'Romantic Comedy': ['Comedy', 'Romance'],
  'Thriller/Suspense': ['Thriller'],
  Western: ['Western'],
};

// The kinds of story that are genres too; `Contemporary Fiction` and its like are not.
const BY_CREATIVE_TYPE: Readonly<Record<string, readonly string[]>> = {
  Fantasy: ['Fantasy'],
  'Kids Fiction': ['Family'],
  'Science Fiction': ['Science Fiction'],
};

/** The source's genre and kind of story in the vocabulary of this package; unknown ones are left out. */
export const genresOf = (majorGenre: unknown, creativeType: unknown): string[] => [
  ...new Set([...lookUp(BY_MAJOR_GENRE, majorGenre), ...lookUp(BY_CREATIVE_TYPE, creativeType)]),
];

const lookUp = (
  table: Readonly<Record<string, readonly string[]>>,
  key: unknown,
): readonly string[] =>
  typeof key === 'string' && Object.hasOwn(table, key) ? (table[key] ?? []) : [];
