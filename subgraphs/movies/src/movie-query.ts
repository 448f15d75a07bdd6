import {
  badArgument,
  searchArgument,
  searchStages,
  type DocumentFilter,
  type ListStage,
} from '@marquee/subgraph-kit';

/** How many values a list in a filter may have. */
const FILTER_LIST_MAX = 50;

interface Range {
  readonly from?: number | null;
  readonly to?: number | null;
}

/** `MovieFilter` of the schema, but for the condition that needs to know the viewer. */
export interface MovieFilterInput {
  readonly genres?: {
    readonly any?: readonly string[] | null;
    readonly all?: readonly string[] | null;
  } | null;
  readonly year?: Range | null;
  readonly runtimeMinutes?: Range | null;
  readonly rating?: Range | null;
  readonly language?: string | null;
  readonly country?: string | null;
  readonly personId?: string | null;
  readonly viewerReaction?: 'LIKE' | 'DISLIKE' | null;
}

export type MovieOrderField = 'RELEVANCE' | 'TITLE' | 'YEAR' | 'RATING' | 'POPULARITY';

export interface MovieOrderInput {
  readonly field: MovieOrderField;
  readonly direction?: 'ASC' | 'DESC' | null;
}

export interface MovieQueryInput {
  readonly query?: string | null;
  readonly genres?: readonly string[] | null;
  readonly filter?: MovieFilterInput | null;
  readonly orderBy?: MovieOrderInput | null;
}

/** A condition that others know of, and what it stands for: the same on every page, whatever it is by then. */
export interface KnownCondition {
  readonly condition: DocumentFilter;
  readonly meaning: DocumentFilter;
}

/** The queries that answer `movies`, one after the other. @throws BAD_USER_INPUT */
export const movieStages = (input: MovieQueryInput, known?: KnownCondition): ListStage[] => {
  if (known === undefined) return stagesWith(input, []);
  const meanings = stagesWith(input, [known.meaning]);
  return stagesWith(input, [known.condition]).map((stage, index) => ({
    ...stage,
    filterMeaning: meanings[index]?.filter ?? known.meaning,
  }));
};

const stagesWith = (input: MovieQueryInput, more: readonly DocumentFilter[]): ListStage[] => {
  const text = searchArgument('query', input.query);
  const conditions = [...filterConditions(input), ...more];
  const field = input.orderBy?.field ?? (text === undefined ? 'POPULARITY' : 'RELEVANCE');
  const direction = input.orderBy?.direction;
  if (field === 'RELEVANCE' && direction === 'ASC') {
    throw badArgument('orderBy.direction', 'DESC, or none, with RELEVANCE');
  }
  return searchStages({
    text,
    conditions,
    titleField: 'titleSort',
    forgivesTypos: true,
    order: field === 'RELEVANCE' ? 'relevance' : [ORDERS[field](direction)],
  });
};

type Sort = ListStage['sort'][number];
type Direction = 'ASC' | 'DESC' | null | undefined;

const orderOf =
  (field: string, natural: 1 | -1) =>
  (direction: Direction): Sort => ({
    field,
    direction: direction === 'ASC' ? 1 : direction === 'DESC' ? -1 : natural,
  });

const ORDERS: Readonly<Record<Exclude<MovieOrderField, 'RELEVANCE'>, (d: Direction) => Sort>> = {
  TITLE: orderOf('titleSort', 1),
  YEAR: orderOf('year', -1),
  RATING: orderOf('rating', -1),
  POPULARITY: orderOf('popularity', -1),
};

const filterConditions = ({ genres, filter }: MovieQueryInput): DocumentFilter[] => {
  const any = filter?.genres?.any;
  const all = filter?.genres?.all;
  return [
    ...(genres ? [{ genres: { $in: boundedList('genres', genres) } }] : []),
    ...(any ? [{ genres: { $in: boundedList('filter.genres.any', any) } }] : []),
    ...(all && all.length > 0 ? [{ genres: { $all: boundedList('filter.genres.all', all) } }] : []),
    ...rangeCondition('year', filter?.year),
    ...rangeCondition('runtimeMinutes', filter?.runtimeMinutes),
    ...rangeCondition('rating', filter?.rating),
    ...equalCondition('languages', filter?.language),
    ...equalCondition('countries', filter?.country),
    ...equalCondition('personIds', filter?.personId),
  ];
};

const boundedList = (argument: string, values: readonly string[]): readonly string[] => {
  if (values.length <= FILTER_LIST_MAX) return values;
  throw badArgument(argument, `at most ${FILTER_LIST_MAX} values`);
};

const equalCondition = (field: string, value: string | null | undefined): DocumentFilter[] =>
  value === null || value === undefined ? [] : [{ [field]: value }];

const rangeCondition = (field: string, range: Range | null | undefined): DocumentFilter[] => {
  const bounds = {
    ...(typeof range?.from === 'number' ? { $gte: range.from } : {}),
    ...(typeof range?.to === 'number' ? { $lte: range.to } : {}),
  };
  return Object.keys(bounds).length === 0 ? [] : [{ [field]: bounds }];
};
