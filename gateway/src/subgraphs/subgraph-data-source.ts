import type { GraphQLDataSource } from '@apollo/gateway';
import { MarqueeError, toProblem } from '@marquee/errors';
import { READ_BUDGET_HEADER, type Logger } from '@marquee/service-kit';
import type { GatewayContext } from '../gateway-context.ts';
import { fieldErrors, type FailedFetch } from './failed-fetch.ts';
import type { SubgraphAnswer, SubgraphClient } from './subgraph-client.ts';

type Processed = Awaited<ReturnType<GraphQLDataSource['process']>>;

/**
 * Brings one fetch of a query plan from its subgraph. It never throws: a fetch that failed answers
 * with an error for each of its fields, so that the gateway knows their paths and everything else
 * is still answered.
 */
export class SubgraphDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #name: string;
  readonly #client: SubgraphClient;
  readonly #logger: Logger;

  constructor(name: string, client: SubgraphClient, logger: Logger) {
    this.#name = name;
    this.#client = client;
    this.#logger = logger;
  }

  async process(options: Parameters<GraphQLDataSource<GatewayContext>['process']>[0]) {
    const { query = '', variables, operationName } = options.request;
    const context = options.context as GatewayContext;
    const representations: unknown = variables?.representations;
    const fetch = {
      query,
      entityCount: Array.isArray(representations) ? representations.length : undefined,
    };
    try {
      const body = JSON.stringify({ query, variables, operationName });
      const kind = query.startsWith('mutation') ? 'mutation' : 'query';
      const answer = await this.#client.send(kind, body, headersOf(kind, context));
      if (kind === 'mutation') context.readBudget.restart();
      this.#keepRouting(answer, context);
      return withPaths(answer, fetch);
    } catch (error) {
      const failure =
        error instanceof MarqueeError ? error : new MarqueeError('INTERNAL', {}, { cause: error });
      this.#logger.warn(
        {
          subgraph: this.#name,
          code: toProblem(failure).code,
          requestId: context.requestId,
          err: failure.cause,
        },
        'subgraph did not answer',
      );
      const { message, code, facts } = failure;
      const errors = fieldErrors({ message, extensions: { ...facts, code } }, fetch);
      return { data: null, errors } as unknown as Processed;
    }
  }

  #keepRouting(answer: SubgraphAnswer, context: GatewayContext): void {
    const entries = answer.extensions?.routing;
    if (!context.routing || !Array.isArray(entries)) return;
    for (const entry of entries as object[]) {
      context.routing.push({ subgraph: this.#name, ...entry });
    }
  }
}

// A write has a deadline of its own: it must not be given up while a shard fails over.
const headersOf = (
  kind: 'query' | 'mutation',
  { subgraphHeaders, readBudget }: GatewayContext,
): Readonly<Record<string, string>> =>
  kind === 'mutation'
    ? subgraphHeaders
    : { ...subgraphHeaders, [READ_BUDGET_HEADER]: String(readBudget.shareMs()) };

const withPaths = (answer: SubgraphAnswer, fetch: FailedFetch): Processed => {
  if (!answer.errors) return answer;
  const errors = answer.errors.flatMap((error) => fieldErrors(error, fetch));
  return { ...answer, errors };
};
