import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  createHandedOnVerifier,
  createKeyPair,
  createServiceTokenVerifier,
  createUserTokenSigner,
  VIEWER_HEADER,
  type Role,
  type TokenViewer,
} from '@marquee/identity';
import { createLogger } from '@marquee/service-kit';
import { GraphQLError } from 'graphql';
import type { GatewayConfig } from '../src/config.ts';
import { createGateway } from '../src/gateway.ts';
import { DEFAULT_LIMITS, OPEN_MUTATIONS_LIMITS } from '../src/limits/limits.ts';
import { DEFAULT_CLIENT_LIMITS } from '../src/subgraphs/subgraph-client.ts';
import { startFakeSubgraph, type FakeSubgraph, type ReceivedRequest } from './fake-subgraph.ts';

const SERVICE_SECRET = 'a service secret of more than thirty-two characters';

const FILMS = Array.from({ length: 20 }, (_, index) => ({
  id: `tt${index}`,
  title: `Film ${index}`,
  revision: 1,
  genres: ['Drama'],
  languages: [],
  countries: [],
  externalIds: [],
  popularity: 1,
}));
const PAGE_INFO = { hasNextPage: false, hasPreviousPage: false };

const film = (id: string) => FILMS.find((candidate) => candidate.id === id) ?? null;
const reference = (id: string) => ({ __typename: 'Movie', id });

const MOVIES = {
  Query: {
    movie: (_: unknown, { id }: { id: string }) => film(id),
    movies: (_: unknown, { first }: { first: number }) => {
      if (first > 100) {
        throw new GraphQLError('`first`: expected 1 to 100', {
          extensions: { code: 'BAD_USER_INPUT', argument: 'first', host: '127.0.0.1' },
        });
      }
      const nodes = FILMS.slice(0, first);
      return { nodes, edges: [], pageInfo: PAGE_INFO, totalCount: nodes.length };
    },
  },
  Movie: {
    __resolveReference: ({ id }: { id: string }) => film(id),
    credits: () => ({
      nodes: [{ kind: 'CAST', character: 'Neo', person: { __typename: 'Person', id: 'p1' } }],
      pageInfo: PAGE_INFO,
      totalCount: 1,
    }),
  },
};

const PERSON = {
  Person: {
    __resolveReference: ({ id }: { id: string }) => ({ id, name: `Person ${id}` }),
  },
};

const USERS = {
  Query: {
    user: (_: unknown, { id }: { id: string }) => {
      throw new GraphQLError(`MongoServerSelectionError: connect ECONNREFUSED 127.0.0.1:1 ${id}`);
    },
  },
  Mutation: { signOut: () => true },
};

const INTERACTIONS = {
  Query: {
    interactions: () => ({
      nodes: [
        {
          id: 'gone:ada',
          movie: reference('gone'),
          reaction: 'LIKE',
          createdAt: '2020-01-01T00:00:00Z',
          updatedAt: '2020-01-01T00:00:00Z',
        },
      ],
      edges: [],
      pageInfo: PAGE_INFO,
    }),
  },
  Mutation: {
    likeMovie: (_: unknown, { movieId }: { movieId: string }) => ({
      __typename: 'ReactionSaved',
      movie: reference(movieId),
      reaction: 'LIKE',
    }),
  },
  Movie: {
    alsoLiked: () => ['tt2', 'gone', 'tt4'].map(reference),
    __resolveReference: async ({ id }: { id: string }) => {
      if (id !== 'tt3') return { id, likeCount: id.length, dislikeCount: 0 };
      throw new GraphQLError('The shard at mongodb://127.0.0.1:1/ is down', {
        extensions: { code: 'SHARD_UNAVAILABLE', shard: 'b', uri: 'mongodb://127.0.0.1:1/' },
      });
    },
  },
};

export interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into answers of every shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export interface FakeGraph {
  readonly origin: string;
  readonly subgraphs: Readonly<
    Record<'movies' | 'person' | 'users' | 'interactions', FakeSubgraph>
  >;
  query(
    query: string,
    options?: { variables?: unknown; headers?: Record<string, string> },
  ): Promise<GraphAnswer>;
  /** The headers of somebody who is signed in. */
  signedIn(
    handle: string,
    role: Role,
    token?: Partial<TokenViewer>,
  ): Promise<Record<string, string>>;
  /** What a subgraph learns of the viewer, and of the service that calls it. */
  identityOf(request: ReceivedRequest): Promise<{ viewer: unknown; service: string }>;
  /** Moves the gateway's clock. */
  advance(milliseconds: number): void;
  close(): Promise<void>;
}

/** The gateway with the checked-in supergraph, over real HTTP, before four fake subgraphs. */
export const startFakeGraph = async (
  change: (config: GatewayConfig) => GatewayConfig = (config) => config,
): Promise<FakeGraph> => {
  const [movies, person, users, interactions] = await Promise.all([
    startFakeSubgraph('movies', MOVIES),
    startFakeSubgraph('person', PERSON),
    startFakeSubgraph('users', USERS),
    startFakeSubgraph('interactions', INTERACTIONS),
  ]);
  const subgraphs = { movies, person, users, interactions };
  const [userKeys, viewerKeys] = await Promise.all([createKeyPair(), createKeyPair()]);
  let skewMs = 0;
  const now = (): number => Date.now() + skewMs;
  const supergraphFile = fileURLToPath(new URL('../supergraph.graphql', import.meta.url));
  const config = change({
    host: '127.0.0.1',
    port: 0,
    serviceSecret: SERVICE_SECRET,
    userTokenPublicKey: userKeys.publicKey as GatewayConfig['userTokenPublicKey'],
    viewerPrivateKey: viewerKeys.privateKey as GatewayConfig['viewerPrivateKey'],
    subgraphUrls: new Map(Object.entries(subgraphs).map(([name, { url }]) => [name, url])),
    subgraphLimits: {
      ...DEFAULT_CLIENT_LIMITS,
      queryTimeoutMs: 5_000,
      mutationTimeoutMs: 5_000,
      connectionsMax: 4,
    },
    operationLimits: DEFAULT_LIMITS,
    openMutationsLimits: OPEN_MUTATIONS_LIMITS,
    trustedProxies: [],
    introspection: true,
    supergraphFile,
    clients: {},
  });
  const gateway = await createGateway(config, {
    supergraphSdl: readFileSync(supergraphFile, 'utf8'),
    logger: createLogger({ service: 'gateway', level: 'silent' }),
    now,
  });
  const origin = await gateway.app.listen({ host: config.host, port: config.port });
  const signer = createUserTokenSigner(userKeys.privateKey);
  const verifyViewer = createHandedOnVerifier(viewerKeys.publicKey);
  const verifyService = createServiceTokenVerifier(SERVICE_SECRET);

  return {
    origin,
    subgraphs,
    query: async (query, { variables, headers = {} } = {}) => {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    signedIn: async (handle, role, more) => {
      const { token } = await signer.sign({ ...more, handle, role }, now());
      return { authorization: `Bearer ${token}` };
    },
    identityOf: async ({ headers }) => {
      const handedOn = headers[VIEWER_HEADER];
      const service = (headers.authorization ?? '').replace('Bearer ', '');
      return {
        viewer: typeof handedOn === 'string' ? await verifyViewer.verify(handedOn, now()) : null,
        service: await verifyService(service, now()),
      };
    },
    advance: (milliseconds) => {
      skewMs += milliseconds;
    },
    close: async () => {
      await gateway.app.close();
      await gateway.close();
      await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.stop()));
    },
  };
};
