import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import { errorExtensions, isInternal } from './graphql-errors.ts';
import type { RequestScope } from './request-scope.ts';

interface Context {
  readonly scope: RequestScope;
  readonly requestId: string;
}

/**
 * What GraphQL has no place for: failures beside the data they left (a page without one shard's part)
 * go into `errors`, the routing trace into `extensions.routing`; what will leave as INTERNAL goes
 * into the log, whole.
 */
export const responsePlugin = (): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    didEncounterErrors: async ({ errors, contextValue: { scope, requestId } }) => {
      for (const error of errors.filter(isInternal)) {
        error.extensions.requestId = requestId;
        scope.logger.error({ err: error.originalError ?? error, requestId }, 'a resolver failed');
      }
    },
    willSendResponse: async ({ contextValue: { scope }, response }) => {
      if (response.body.kind !== 'single') return;
      const { singleResult } = response.body;
      if (scope.failures.length > 0) {
        singleResult.errors = [
          ...(singleResult.errors ?? []),
          ...scope.failures.map(formatFailure),
        ];
      }
      if (scope.traceRouting) {
        singleResult.extensions = { ...singleResult.extensions, routing: scope.routing };
      }
    },
  }),
});

const formatFailure = ({
  path,
  error,
}: RequestScope['failures'][number]): GraphQLFormattedError => ({
  message: error.message,
  path,
  extensions: errorExtensions(error.code, error.facts),
});
