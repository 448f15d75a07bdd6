import {
  createHandedOnSigner,
  createKeyPair,
  createServiceTokenSource,
  VIEWER_HEADER,
  type TokenViewer,
} from '@marquee/identity';
import { createLogger } from '@marquee/service-kit';
import type { ReadDeadline, ShardRouter } from '../data-layer.ts';
import { createSubgraphService, type SubgraphDefinition } from '../subgraph-service.ts';

// Tests know what they asked for.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface GraphqlAnswer {
  readonly status: number;
  readonly data: Json;
  /** The first field of `data`. */
  readonly result: Json;
  /** The code of the first error. */
  readonly code: string | undefined;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly [fact: string]: unknown };
  }[];
  readonly extensions?: { readonly routing?: readonly Record<string, unknown>[] };
}

export interface TestSubgraph {
  readonly url: string;
  /** Asks over HTTP as the gateway does, on behalf of `viewer` or nobody. */
  ask(
    document: string,
    options?: {
      readonly variables?: Readonly<Record<string, unknown>>;
      readonly viewer?: TokenViewer | null | undefined;
      readonly headers?: Readonly<Record<string, string>>;
    },
  ): Promise<GraphqlAnswer>;
  serviceToken(): Promise<string>;
  close(): Promise<void>;
}

/** A subgraph that listens on a free port of this machine, with keys of its own, on any router. */
export const startTestSubgraph = async <Sources>(
  definition: SubgraphDefinition<Sources>,
  options: {
    readonly router: ShardRouter;
    readonly now?: () => number;
    readonly newReadDeadline?: (budgetMs: number | undefined) => ReadDeadline | undefined;
  },
): Promise<TestSubgraph> => {
  const now = options.now ?? Date.now;
  const secret = 'a secret that only this test knows: it is long enough';
  const keys = await createKeyPair();
  const signer = createHandedOnSigner(keys.privateKey);
  const serviceTokens = createServiceTokenSource({ secret, service: 'gateway', now });
  const app = await createSubgraphService(definition, {
    router: options.router,
    serviceSecret: secret,
    viewerPublicKey: keys.publicKey,
    logger: createLogger({ service: definition.name, level: 'silent' }),
    now,
    newReadDeadline: options.newReadDeadline ?? (() => undefined),
  });
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;

  return {
    url,
    serviceToken: () => serviceTokens.current(),
    ask: async (document, { variables, viewer, headers } = {}) => {
      const handedOn = viewer ? (await signer.sign(viewer, now())).token : undefined;
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await serviceTokens.current()}`,
          ...(handedOn === undefined ? {} : { [VIEWER_HEADER]: handedOn }),
          ...headers,
        },
        body: JSON.stringify({ query: document, variables }),
      });
      const answer = (await response.json()) as Partial<GraphqlAnswer>;
      const errors = answer.errors ?? [];
      const data = (answer.data ?? null) as Record<string, unknown> | null;
      return {
        ...answer,
        data,
        errors,
        result: data === null ? null : Object.values(data)[0],
        code: errors[0]?.extensions.code,
        status: response.status,
      };
    },
    close: () => app.close(),
  };
};
