import { unwrapResolverError } from '@apollo/server/errors';
import { CATALOGUE, codeOf, isErrorCode, type ErrorCode, type ErrorFacts } from '@marquee/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Longest message that leaves the process: GraphQL quotes input in its own. */
const MESSAGE_MAX_LENGTH = 500;

// Codes of Apollo that say the same as one of ours.
const APOLLO_CODES: Readonly<Record<string, ErrorCode>> = {
  BAD_REQUEST: 'BAD_USER_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_USER_INPUT',
  PERSISTED_QUERY_NOT_FOUND: 'BAD_USER_INPUT',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_USER_INPUT',
};

/** `extensions` of an error in a response: the code, whether a retry may help, and the facts. */
export const errorExtensions = (code: ErrorCode, facts: ErrorFacts = {}) => ({
  ...facts,
  code,
  retryable: CATALOGUE[code].retryable,
});

/**
 * An error as it leaves the process. What carries a code of the catalogue keeps its message and
 * facts; GraphQL's own complaints keep theirs; everything else is INTERNAL and says no more.
 */
export const formatError = (
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError => {
  const place = {
    ...(formatted.path === undefined ? {} : { path: formatted.path }),
    ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
  };
  const original = unwrapResolverError(error);
  const known = codeOf(original);
  if (known !== undefined && known !== 'INTERNAL') {
    const { message, facts } = original as { message: string; facts?: ErrorFacts };
    return { message, ...place, extensions: errorExtensions(known, facts) };
  }
  const code = graphqlCode(formatted, error);
  if (code === 'INTERNAL') {
    const requestId = formatted.extensions?.requestId;
    return {
      message: CATALOGUE.INTERNAL.meaning,
      ...place,
      extensions: errorExtensions(code, requestId === undefined ? {} : { requestId }),
    };
  }
  const message = formatted.message.slice(0, MESSAGE_MAX_LENGTH);
  return { message, ...place, extensions: errorExtensions(code, argumentOf(code, message)) };
};

/** Whether the response will say no more than INTERNAL, so that the log must say it all. */
export const isInternal = (error: GraphQLError): boolean =>
  formatError(error.toJSON(), error).extensions?.code === 'INTERNAL';

const graphqlCode = (formatted: GraphQLFormattedError, error: unknown): ErrorCode => {
  const given = formatted.extensions?.code;
  if (given === 'GRAPHQL_VALIDATION_FAILED' && isRefusedLiteral(error)) return 'BAD_USER_INPUT';
  if (typeof given === 'string' && Object.hasOwn(APOLLO_CODES, given))
    return APOLLO_CODES[given] ?? 'INTERNAL';
  return isErrorCode(given) ? given : 'INTERNAL';
};

// A scalar that refuses a literal makes the document invalid for GraphQL; for whoever wrote it, it is
// the input that is wrong. Apollo gives the error another code and keeps ours inside.
const isRefusedLiteral = (error: unknown): boolean =>
  error instanceof GraphQLError &&
  error.originalError instanceof GraphQLError &&
  error.originalError.extensions.code === 'BAD_USER_INPUT';

// GraphQL names the variable and the path inside it, in words only.
const argumentOf = (code: ErrorCode, message: string): ErrorFacts => {
  if (code !== 'BAD_USER_INPUT') return {};
  const [, variable, path] =
    /^Variable "\$(\w+)" (?:got invalid value .*? at "([\w.[\]]+)"|)/s.exec(message) ?? [];
  const argument = path ?? variable;
  // As the paths of `ValidationFailed` are written: `input.credits.3.job`.
  return argument === undefined ? {} : { argument: argument.replaceAll(/\[(\d+)\]/g, '.$1') };
};
