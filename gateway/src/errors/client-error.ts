import { CATALOGUE, isErrorCode, type ErrorCode } from '@marquee/errors';
import type { GraphQLFormattedError } from 'graphql';

/** Facts that clients may see, and the longest text of one; everything else stays inside. */
const PUBLIC_FACTS = [
  'argument',
  'expected',
  'variable',
  'shard',
  'limit',
  'actual',
  'currentRevision',
  'operationId',
  'retryAfterSeconds',
  'requestId',
] as const;
const FACT_MAX_LENGTH = 200;

// What Apollo's own libraries call things that the catalogue has another word for.
const FOREIGN_CODES: ReadonlyMap<unknown, ErrorCode> = new Map([
  ['BAD_REQUEST', 'BAD_USER_INPUT'],
  ['OPERATION_RESOLUTION_FAILURE', 'BAD_USER_INPUT'],
  ['PERSISTED_QUERY_NOT_SUPPORTED', 'BAD_USER_INPUT'],
]);

/** The one of the catalogue that a code stands for; INTERNAL for what nobody has foreseen. */
export const catalogueCodeOf = (code: unknown): ErrorCode =>
  isErrorCode(code) ? code : (FOREIGN_CODES.get(code) ?? 'INTERNAL');

/**
 * The form in which every error leaves the gateway: a code of the catalogue, whether to retry, and
 * facts from a closed list. Only what the client did wrong is said in the words of whoever found it;
 * a failure inside is said in the catalogue's, since its own words may name addresses and processes.
 */
export const toClientError = (error: GraphQLFormattedError): GraphQLFormattedError => {
  const code = catalogueCodeOf(error.extensions?.code);
  const { httpStatus, meaning, retryable } = CATALOGUE[code];
  const message = httpStatus < 500 && !namesAnAddress(error.message) ? error.message : meaning;
  return {
    message,
    ...(error.locations && httpStatus < 500 ? { locations: error.locations } : {}),
    ...(error.path ? { path: error.path } : {}),
    extensions: { code, retryable, ...publicFacts(error.extensions ?? {}) },
  };
};

const publicFacts = (extensions: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    PUBLIC_FACTS.filter((name) => isPublic(extensions[name])).map((name) => [
      name,
      extensions[name],
    ]),
  );

const isPublic = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.length <= FACT_MAX_LENGTH && !namesAnAddress(value)
    : typeof value === 'number' || typeof value === 'boolean';

// Defence in depth: no client's mistake is explained by one of these.
const namesAnAddress = (text: string): boolean =>
  /mongodb(\+srv)?:|\bE(CONN|HOST|NET|PIPE|ADDR)[A-Z]+\b|\blocalhost\b|\b\d{1,3}(\.\d{1,3}){3}\b/.test(
    text,
  );
