import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';

export interface ReceivedRequest {
  readonly headers: IncomingMessage['headers'];
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** Takes a request over before it is executed; answers `true` if it did. */
export type Interceptor = (request: ReceivedRequest, response: ServerResponse) => boolean;

type Resolvers = NonNullable<
  Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers']
>;

/** A subgraph with its real schema and canned resolvers, that notes what reaches it. */
export interface FakeSubgraph {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  connectionCount: number;
  intercept: Interceptor | undefined;
  /** What it adds to every answer. */
  extensions: Record<string, unknown> | undefined;
  stop(): Promise<void>;
}

const schemaOf = (name: string, resolvers: Resolvers) => {
  const file = fileURLToPath(new URL(`../../subgraphs/${name}/schema.graphql`, import.meta.url));
  return buildSubgraphSchema({ typeDefs: parse(readFileSync(file, 'utf8')), resolvers });
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

export const startFakeSubgraph = async (
  name: string,
  resolvers: Resolvers,
): Promise<FakeSubgraph> => {
  const schema = schemaOf(name, resolvers);
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { query, variables, operationName } = JSON.parse(await bodyOf(request));
    const received = { headers: request.headers, query, variables };
    fake.requests.push(received);
    if (fake.intercept?.(received, response)) return;
    const result = await graphql({
      schema,
      source: query,
      variableValues: variables,
      operationName,
      contextValue: received,
    });
    const extensions = fake.extensions ? { extensions: fake.extensions } : {};
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...result, ...extensions }));
  };
  const server = createServer((request, response) => void handle(request, response));
  server.on('connection', () => (fake.connectionCount += 1));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const fake: FakeSubgraph = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    requests: [],
    connectionCount: 0,
    intercept: undefined,
    extensions: undefined,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => {
          stopped();
        });
        server.closeAllConnections();
      }),
  };
  return fake;
};
