import { randomUUID } from 'node:crypto';
import { createKeyPair, createServiceTokenSource, createUserTokenSigner } from '@marquee/identity';
import { createLogger, type ClusterAddresses } from '@marquee/service-kit';
import { systemClock } from '@marquee/slot-protocol';
import { startTestClusters, type TestClusters } from '@marquee/test-kit';
import { AddressBook } from '../src/clusters/address-book.ts';
import type { PurgeLimits } from '../src/operations/purge-sweep.ts';
import { createNameNode, type NameNode } from '../src/name-node.ts';

const SECRET = 'a secret of at least thirty-two characters';

/** Several clusters and the addresses of a deployment on them. */
export interface TestDeployment {
  readonly clusters: TestClusters;
  /** What the clusters file says; the spare clusters are not in it at first. */
  readonly addresses: ClusterAddresses;
  /** Writes a spare cluster into the clusters file. */
  addSpare(name: string): void;
  stop(): Promise<void>;
}

/** Starts `owner-X` and the replicas `replica-X-N` for each shard, and a metadata cluster. */
export const startDeployment = async (
  shards: readonly string[],
  replicas: number,
  spares: readonly string[] = [],
): Promise<TestDeployment> => {
  const plan = shards.map((shard) => [
    shard,
    [`owner-${shard}`, ...Array.from({ length: replicas }, (_, i) => `replica-${shard}-${i}`)],
  ]);
  const clusters = await startTestClusters({
    ...(Object.fromEntries(plan) as Record<string, string[]>),
    metadata: ['metadata'],
    ...(spares.length === 0 ? {} : { spare: spares }),
  });
  const known = clusters.addresses.filter(({ shard }) => shards.includes(shard));
  return {
    clusters,
    addresses: { clusters: known, metadata: { uri: clusters.uriOf('metadata') } },
    addSpare: (name) => {
      known.push({ name, shard: 'spare', role: 'replica', uri: clusters.uriOf(name) });
    },
    stop: () => clusters.close(),
  };
};

export interface TestNameNode {
  readonly url: string;
  readonly nameNode: NameNode;
  /** GET with a service's token, unless headers say otherwise. */
  get(path: string, headers?: Record<string, string>): Promise<TestAnswer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<TestAnswer>;
  serviceToken(): Promise<string>;
  userToken(role: 'USER' | 'ADMIN', issuedAtMs?: number): Promise<string>;
  stop(): Promise<void>;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the test expects it to be
  readonly body: any;
}

/** One instance of the NameNode, over real HTTP on a port of its own. */
export const startNameNode = async (
  addresses: ClusterAddresses,
  {
    instance = 'namenode',
    detectionTimeMs = 1_500,
    purgeLimits,
  }: { instance?: string; detectionTimeMs?: number; purgeLimits?: PurgeLimits } = {},
): Promise<TestNameNode> => {
  const keys = await createKeyPair();
  const nameNode = await createNameNode({
    config: {
      host: '127.0.0.1',
      port: 0,
      logLevel: 'silent',
      instance,
      clustersFile: '',
      serviceSecret: SECRET,
      userTokenPublicKey: keys.publicKey as { kty: string },
      advertisedUrl: null,
      detectionTimeMs,
      automaticFailoverIntervalMs: 3_600_000,
    },
    addresses: new AddressBook(addresses, () => Promise.resolve(addresses)),
    logger: createLogger({ service: instance, level: 'silent' }),
    clock: systemClock,
    random: Math.random,
    randomId: randomUUID,
    ...(purgeLimits && { purgeLimits }),
  });
  const url = await nameNode.app.listen({ host: '127.0.0.1', port: 0 });
  const tokens = createServiceTokenSource({ secret: SECRET, service: 'test', now: Date.now });
  const send = async (
    path: string,
    init: RequestInit,
    headers: Record<string, string> | undefined,
  ): Promise<TestAnswer> => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: headers ?? {
        authorization: `Bearer ${await tokens.current()}`,
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const body: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, body };
  };
  const signer = createUserTokenSigner(keys.privateKey);
  return {
    url,
    nameNode,
    get: (path, headers) => send(path, {}, headers),
    post: (path, body, headers) =>
      send(path, { method: 'POST', body: JSON.stringify(body) }, headers),
    serviceToken: () => tokens.current(),
    userToken: async (role, issuedAtMs = Date.now()) =>
      (await signer.sign({ handle: 'ann', role }, issuedAtMs)).token,
    stop: async () => {
      await nameNode.app.close();
      await nameNode.close();
    },
  };
};

/** Until `probe` answers something that is not false; the test's time limit ends it. */
export const until = async <Value>(
  probe: () => Promise<Value | false> | Value | false,
): Promise<Value> => {
  for (;;) {
    const value = await probe();
    if (value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

export const ready = async (node: TestNameNode): Promise<void> => {
  await until(async () => (await node.get('/readyz')).status === 200);
};
