import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDate, GraphQLDateTime, GraphQLEmailAddress, GraphQLURL } from 'graphql-scalars';

const malformed = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

const literal = (node: ValueNode): unknown => {
  if (node.kind === Kind.STRING) return node.value;
  throw malformed('expected a string');
};

// The kept library judges; what is handed to resolvers is the text, which is also what is stored.
const asText = (
  judge: GraphQLScalarType,
  name: string,
  toText: (parsed: unknown, given: string) => string,
): GraphQLScalarType => {
  const parse = (value: unknown): string => {
    if (typeof value !== 'string') throw malformed(`${name}: expected a string`);
    try {
      return toText(judge.parseValue(value), value);
    } catch {
      // Not the library's text: it repeats the value, however long it is.
      throw malformed(`${name}: the value is not well-formed`);
    }
  };
  return new GraphQLScalarType({
    name,
    serialize: (value) => judge.serialize(value),
    parseValue: parse,
    parseLiteral: (node) => parse(literal(node)),
  });
};

const isHttp = (url: unknown): url is URL =>
  url instanceof URL && (url.protocol === 'https:' || url.protocol === 'http:');

const httpOnly = (url: unknown): string => {
  if (isHttp(url)) return url.href;
  throw new TypeError('expected an http(s) URL');
};

/**
 * The graph's own scalars, for the subgraphs that declare them. `Date` arrives as `YYYY-MM-DD`, `URL`
 * as the normalised text of an http(s) URL: others could run as script where a client links them.
 */
export const scalars = {
  Date: asText(GraphQLDate, 'Date', (_, given) => given),
  DateTime: GraphQLDateTime,
  EmailAddress: asText(GraphQLEmailAddress, 'EmailAddress', (_, given) => given),
  URL: asText(GraphQLURL, 'URL', httpOnly),
} as const satisfies Record<string, GraphQLScalarType>;
