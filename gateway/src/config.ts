import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  jwkFile,
  milliseconds,
  parseEnvironment,
  secretFile,
  ServiceEnvironment,
  type Environment,
} from '@marquee/service-kit';
import { z } from 'zod';
import type { AddressLimits } from './limits/address-limit.ts';
import { DEFAULT_LIMITS, OPEN_MUTATIONS_LIMITS, type OperationLimits } from './limits/limits.ts';
import { DEFAULT_CLIENT_LIMITS, type SubgraphClientLimits } from './subgraphs/subgraph-client.ts';

/** How long a cluster may be silent before it counts as down; writes wait for twice as long. */
const DETECTION_TIME_DEFAULT_MS = 15_000;

/** What a subgraph's write may take past the detection of a failure; see the router's deadline. */
const WRITE_BEYOND_DETECTION_MS = 5_000;

/** A subgraph's own deadline must pass first: its answer says more than the gateway's. */
const MUTATION_GRACE_MS = 2_000;

const limit = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000).default(fallback);

const PROXIES_EXPECTED = 'expected addresses or networks, such as 10.0.0.1,10.1.0.0/16';

const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/');
  if (more.length > 0 || isIP(address) === 0) return false;
  return (
    bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128))
  );
};

const networks = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((network) => network.trim())
      .filter((network) => network !== ''),
  )
  .refine((given) => given.every(isNetwork), { error: PROXIES_EXPECTED });

const Variables = ServiceEnvironment.extend({
  MARQUEE_SERVICE_SECRET_FILE: secretFile.refine((secret) => secret.length >= 32, {
    error: 'expected a file with at least 32 characters',
  }),
  MARQUEE_USER_TOKEN_PUBLIC_KEY_FILE: jwkFile,
  MARQUEE_VIEWER_PRIVATE_KEY_FILE: jwkFile,
  DETECTION_TIME_MS: milliseconds(100, 600_000).default(DETECTION_TIME_DEFAULT_MS),
  SUBGRAPH_QUERY_TIMEOUT_MS: milliseconds(100, 600_000).default(
    DEFAULT_CLIENT_LIMITS.queryTimeoutMs,
  ),
  SUBGRAPH_READ_BUDGET_MS: milliseconds(100, 600_000).default(DEFAULT_CLIENT_LIMITS.readBudgetMs),
  SUBGRAPH_MUTATION_TIMEOUT_MS: milliseconds(100, 600_000).optional(),
  SUBGRAPH_CONNECTIONS_MAX: limit(DEFAULT_CLIENT_LIMITS.connectionsMax),
  GRAPHQL_INTROSPECTION: z.enum(['on', 'off']).default('on'),
  GRAPHQL_TOKENS_MAX: limit(DEFAULT_LIMITS.tokensMax),
  GRAPHQL_DEPTH_MAX: limit(DEFAULT_LIMITS.depthMax),
  GRAPHQL_ALIASES_MAX: limit(DEFAULT_LIMITS.aliasesMax),
  GRAPHQL_ROOT_FIELDS_MAX: limit(DEFAULT_LIMITS.rootFieldsMax),
  GRAPHQL_COMPLEXITY_MAX: limit(DEFAULT_LIMITS.complexityMax),
  SIGN_INS_PER_ADDRESS_BURST_MAX: limit(OPEN_MUTATIONS_LIMITS.burstMax),
  SIGN_INS_PER_ADDRESS_PER_MINUTE: limit(OPEN_MUTATIONS_LIMITS.perMinute),
  /** Whose word on the address of a client is believed (`X-Forwarded-For`); nobody's by default. */
  TRUSTED_PROXIES: networks,
});

type Jwk = z.output<typeof jwkFile>;

export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  readonly serviceSecret: string;
  readonly userTokenPublicKey: Jwk;
  readonly viewerPrivateKey: Jwk;
  /** Name of a subgraph → its URL, where it is not the one of the supergraph. */
  readonly subgraphUrls: ReadonlyMap<string, string>;
  readonly subgraphLimits: SubgraphClientLimits;
  readonly operationLimits: OperationLimits;
  readonly openMutationsLimits: AddressLimits;
  readonly trustedProxies: readonly string[];
  readonly introspection: boolean;
  readonly supergraphFile: string;
  /** Folders of the built web clients, by the path under which each is served. */
  readonly clients: Readonly<Record<string, string>>;
}

/** @throws CONFIGURATION_INVALID that names each variable that is wrong. */
export const loadConfig = (environment: Environment = process.env): GatewayConfig => {
  const variables = parseEnvironment(Variables, environment);
  return Object.freeze({
    host: variables.HOST,
    port: variables.PORT,
    serviceSecret: variables.MARQUEE_SERVICE_SECRET_FILE,
    userTokenPublicKey: variables.MARQUEE_USER_TOKEN_PUBLIC_KEY_FILE,
    viewerPrivateKey: variables.MARQUEE_VIEWER_PRIVATE_KEY_FILE,
    subgraphUrls: parseSubgraphUrls(environment),
    subgraphLimits: {
      queryTimeoutMs: variables.SUBGRAPH_QUERY_TIMEOUT_MS,
      readBudgetMs: variables.SUBGRAPH_READ_BUDGET_MS,
      mutationTimeoutMs:
        variables.SUBGRAPH_MUTATION_TIMEOUT_MS ??
        2 * variables.DETECTION_TIME_MS + WRITE_BEYOND_DETECTION_MS + MUTATION_GRACE_MS,
      connectionsMax: variables.SUBGRAPH_CONNECTIONS_MAX,
    },
    operationLimits: {
      tokensMax: variables.GRAPHQL_TOKENS_MAX,
      depthMax: variables.GRAPHQL_DEPTH_MAX,
      aliasesMax: variables.GRAPHQL_ALIASES_MAX,
      rootFieldsMax: variables.GRAPHQL_ROOT_FIELDS_MAX,
      complexityMax: variables.GRAPHQL_COMPLEXITY_MAX,
    },
    openMutationsLimits: {
      burstMax: variables.SIGN_INS_PER_ADDRESS_BURST_MAX,
      perMinute: variables.SIGN_INS_PER_ADDRESS_PER_MINUTE,
    },
    trustedProxies: variables.TRUSTED_PROXIES,
    introspection: variables.GRAPHQL_INTROSPECTION === 'on',
    supergraphFile: nearby('../supergraph.graphql'),
    clients: {
      '/': nearby('../../clients/user/dist'),
      '/admin': nearby('../../clients/admin/dist'),
    },
  });
};

/** How much to log from the very start, before anything else of the environment is looked at. */
export const logLevelOf = (environment: Environment = process.env): string =>
  ServiceEnvironment.shape.LOG_LEVEL.catch('info').parse(environment.LOG_LEVEL);

const SUBGRAPH_URL = /^SUBGRAPH_([A-Z][A-Z0-9_]*)_URL$/;

// SUBGRAPH_MOVIES_URL is the URL of `movies`: a subgraph that is added needs no change here.
const parseSubgraphUrls = (environment: Environment): ReadonlyMap<string, string> => {
  const names = Object.keys(environment).filter((name) => SUBGRAPH_URL.test(name));
  const url = z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' }).optional();
  const schema = z.object(Object.fromEntries(names.map((name) => [name, url])));
  const values = parseEnvironment(schema, environment);
  return new Map(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[subgraphNameOf(name), value] as const],
    ),
  );
};

const subgraphNameOf = (variable: string): string =>
  (SUBGRAPH_URL.exec(variable)?.[1] ?? '').toLowerCase().replaceAll('_', '-');

const nearby = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * @apollo/gateway reports what the process runs on to its maker unless this variable says no, and
 * takes no option for it. Called before every ApolloGateway is made.
 */
export const refuseApolloTelemetry = (): void => {
  process.env.APOLLO_TELEMETRY_DISABLED = '1';
};
