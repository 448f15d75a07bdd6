import type {
  ApolloServerPlugin,
  GraphQLRequestContext,
  GraphQLRequestListener,
} from '@apollo/server';
import type { MarqueeError } from '@marquee/errors';
import type { Logger } from '@marquee/service-kit';
import {
  GraphQLError,
  Kind,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLFormattedError,
} from 'graphql';
import { catalogueCodeOf, toClientError } from './errors/client-error.ts';
import { lostValues, type ValueCompletion } from './errors/lost-values.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { AddressLimit } from './limits/address-limit.ts';
import { complexityOf } from './limits/complexity.ts';
import { countOpenMutations } from './limits/open-mutations.ts';

/**
 * What the gateway does around each operation: bounds its complexity and how often an address signs in,
 * completes its errors with what
 * only the request knows, and adds the routing trace where an admin asked for it.
 */
export const createRequestPlugin = (options: {
  readonly complexityMax: number;
  readonly openMutations: AddressLimit;
  readonly now: () => number;
  readonly logger: Logger;
}): ApolloServerPlugin<GatewayContext> => {
  const listener: GraphQLRequestListener<GatewayContext> = {
    didResolveOperation: async ({ document, operation, request, schema, contextValue }) => {
      if (!operation) {
        throw refusal('BAD_USER_INPUT', 'There is no operation of that name.', {
          argument: 'operationName',
        });
      }
      const fragments = fragmentsOf(document);
      const actual = complexityOf(schema, operation, fragments, request.variables ?? {});
      if (actual > options.complexityMax) {
        const message =
          `The operation counts as ${actual} fields; at most ${options.complexityMax} are allowed. ` +
          'Ask for fewer at a time with `first`.';
        throw refusal('GRAPHQL_VALIDATION_FAILED', message, {
          limit: options.complexityMax,
          actual,
        });
      }
      const openMutations = countOpenMutations(operation, fragments);
      if (openMutations === 0) return;
      try {
        options.openMutations.take(contextValue.address, openMutations, options.now());
      } catch (error) {
        throw tooMany(error as MarqueeError);
      }
    },

    didEncounterErrors: async ({ errors, document, contextValue, operationName }) => {
      for (const error of errors) {
        const code = catalogueCodeOf(error.extensions.code);
        if (code === 'BAD_USER_INPUT') nameArgument(error, document);
        if (code !== 'INTERNAL') continue;
        const { requestId } = contextValue;
        error.extensions.requestId = requestId;
        options.logger.error({ err: error, requestId, operationName, path: error.path }, 'failed');
      }
    },

    willSendResponse: async ({ response, contextValue }) => {
      if (response.body.kind !== 'single') return;
      const result = response.body.singleResult;
      surfaceLostValues(result, contextValue, options.logger);
      if (contextValue.routing) {
        result.extensions = { ...result.extensions, routing: contextValue.routing };
      }
    },
  };
  return { requestDidStart: async () => listener };
};

type SingleResult = Extract<
  NonNullable<GraphQLRequestContext<GatewayContext>['response']['body']>,
  { kind: 'single' }
>['singleResult'];

const refusal = (code: string, message: string, facts: Record<string, unknown>): GraphQLError =>
  new GraphQLError(message, { extensions: { ...facts, code, http: { status: 400 } } });

const tooMany = ({ code, message, facts }: MarqueeError): GraphQLError => {
  const headers = new Map([['retry-after', String(facts.retryAfterSeconds)]]);
  return new GraphQLError(message, {
    extensions: { ...facts, code, http: { status: 429, headers } },
  });
};

const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? [[definition.name.value, definition] as const]
        : [],
    ),
  );

// A variable of the wrong type is reported by its own name; clients want the argument's.
const nameArgument = (error: GraphQLError, document: DocumentNode | undefined): void => {
  const [node] = error.nodes ?? [];
  if (!document || node?.kind !== Kind.VARIABLE_DEFINITION) return;
  const variable = node.variable.name.value;
  const [, path = ''] =
    /^Variable "\$\w+" got invalid value .* at "\w+([\w.[\]]*)"/s.exec(error.message) ?? [];
  error.extensions.variable = variable;
  visit(document, {
    Argument: ({ name, value }) => {
      if (value.kind !== Kind.VARIABLE || value.name.value !== variable) return;
      // As the paths of `ValidationFailed` are written: `input.credits.3.job`.
      error.extensions.argument ??= `${name.value}${path.replaceAll(/\[(\d+)\]/g, '.$1')}`;
    },
  });
};

const surfaceLostValues = (
  result: SingleResult,
  { requestId }: GatewayContext,
  logger: Logger,
): void => {
  const { valueCompletion, ...extensions } = result.extensions ?? {};
  if (!Array.isArray(valueCompletion)) return;
  const lost = lostValues(result.data, valueCompletion as ValueCompletion[]);
  if (lost.length > 0) logger.error({ requestId, valueCompletion }, 'values are missing');
  const errors: GraphQLFormattedError[] = lost.map((error) =>
    toClientError({ ...error, extensions: { ...error.extensions, requestId } }),
  );
  if (errors.length > 0) result.errors = [...(result.errors ?? []), ...errors];
  if (Object.keys(extensions).length > 0) result.extensions = extensions;
  else delete result.extensions;
};
