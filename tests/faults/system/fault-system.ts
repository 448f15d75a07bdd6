import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { createServiceTokenSource } from '@marquee/identity';
import { ClusterProxy, createTempDir } from '@marquee/test-kit';
import { MongoClient } from 'mongodb';
import type { ClientPlan, FromClient, ToClient } from '../client/messages.ts';
import type { FinalDocument, FinalState } from '../judge/judge.ts';
import { NodeProcess } from '../../node-process.ts';

const fromRoot = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Short, so that many failovers fit into a run; the read lease follows from it. */
export const DETECTION_TIME_MS = 1_500;
const HEALED_MAX_MS = 90_000;
const LOOK_INTERVAL_MS = 100;

const SHARDS = { a: ['shard-a', 'replica-a'], b: ['shard-b', 'replica-b'] } as const;
export type ShardName = keyof typeof SHARDS;
const METADATA = 'metadata';

interface Member {
  readonly cluster: string;
  readonly status: string;
  readonly health: string;
}

interface ShardStatus {
  readonly name: string;
  readonly owner: string;
  readonly members: readonly Member[];
  readonly busyWith: string | null;
}

/** Two shards of two clusters, the metadata cluster and a NameNode: a process each, all of them real. */
export class FaultSystem {
  readonly #dir: string;
  readonly #removeDir: () => Promise<void>;
  readonly #secret = randomBytes(32).toString('base64url');
  readonly #clusters = new Map<string, NodeProcess>();
  readonly #proxies = new Map<string, ClusterProxy>();
  readonly #mongos = new Map<string, MongoClient>();
  readonly #ports: ReadonlyMap<string, number>;
  readonly nameNode: NodeProcess;
  readonly #token: () => Promise<string>;

  private constructor(dir: string, removeDir: () => Promise<void>, ports: Map<string, number>) {
    this.#dir = dir;
    this.#removeDir = removeDir;
    this.#ports = ports;
    for (const name of [...Object.values(SHARDS).flat(), METADATA]) {
      this.#clusters.set(
        name,
        new NodeProcess({
          name,
          script: fromRoot('packages/embedded-cluster/dist/main.js'),
          args: [
            ...['--name', name, '--port', String(this.#portOf(name)), '--test-commands'],
            ...['--data', join(dir, name)],
          ],
          isReady: (line) => line.includes('listening'),
        }),
      );
    }
    const secretFile = join(dir, 'service.secret');
    writeFileSync(secretFile, this.#secret, { mode: 0o600 });
    this.nameNode = new NodeProcess({
      name: 'namenode',
      script: fromRoot('namenode-service/dist/main.js'),
      env: {
        PORT: String(this.#portOf('namenode')),
        INSTANCE_NAME: 'namenode',
        LOG_LEVEL: 'info',
        DETECTION_TIME_MS: String(DETECTION_TIME_MS),
        // Schedules follow each other closely: every one may need a failover.
        AUTOMATIC_FAILOVER_INTERVAL_MS: '0',
        MARQUEE_SERVICE_SECRET_FILE: secretFile,
        MARQUEE_CLUSTERS_FILE: this.#clustersFile('namenode', (name) => this.#uriOf(name)),
      },
      isReady: (line) => line.includes('"event":"listening"'),
    });
    const source = createServiceTokenSource({
      secret: this.#secret,
      service: 'faults',
      now: Date.now,
    });
    this.#token = () => source.current();
  }

  static async start(): Promise<FaultSystem> {
    const { path, remove } = await createTempDir();
    const names = [...Object.values(SHARDS).flat(), METADATA, 'namenode'];
    const ports = await freePorts(names);
    const system = new FaultSystem(path, remove, ports);
    try {
      await Promise.all([...system.#clusters.values()].map((cluster) => cluster.start()));
      for (const name of Object.values(SHARDS).flat()) {
        system.#proxies.set(name, await ClusterProxy.start(system.#portOf(name)));
      }
      await system.nameNode.start();
      await system.untilHealed();
      return system;
    } catch (error) {
      await system.close();
      throw error;
    }
  }

  cluster(name: string): NodeProcess {
    const found = this.#clusters.get(name);
    if (found === undefined) throw new TypeError(`there is no cluster ${name}`);
    return found;
  }

  /** Between the clients and this cluster. */
  proxy(cluster: string): ClusterProxy {
    const found = this.#proxies.get(cluster);
    if (found === undefined) throw new TypeError(`there is no proxy before ${cluster}`);
    return found;
  }

  mongo(cluster: string): MongoClient {
    const found = this.#mongos.get(cluster);
    if (found !== undefined) return found;
    const client = new MongoClient(this.#uriOf(cluster), { serverSelectionTimeoutMS: 5_000 });
    this.#mongos.set(cluster, client);
    return client;
  }

  /** A client whose connections to the clusters can be cut, and that is told what it is to do. */
  async startClient(
    plan: Pick<ClientPlan, 'client' | 'schedule' | 'seed' | 'writersCount' | 'readersCount'>,
    onMessage: (message: FromClient) => void,
  ): Promise<{ process: NodeProcess; tell: (message: ToClient) => void }> {
    let ready: () => void;
    const isReady = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const process = new NodeProcess({
      name: plan.client,
      script: fromRoot('tests/faults/client/run.mjs'),
      onMessage: (message) => {
        if ((message as FromClient).type === 'ready') ready();
        else onMessage(message as FromClient);
      },
    });
    await process.start();
    const whole: ClientPlan = {
      ...plan,
      nameNodes: [this.#nameNodeUrl],
      serviceSecret: this.#secret,
      clustersFile: this.#clustersFile('clients', (name) =>
        name === METADATA ? this.#uriOf(name) : this.proxy(name).uri,
      ),
      detectionTimeMs: DETECTION_TIME_MS,
    };
    process.send(whole);
    await isReady;
    return { process, tell: (message) => process.send(message) };
  }

  async shards(): Promise<readonly ShardStatus[]> {
    const response = await fetch(`${this.#nameNodeUrl}/v1/shards`, {
      headers: { authorization: `Bearer ${await this.#token()}` },
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`the NameNode answered ${response.status}`);
    const { shards } = (await response.json()) as { shards: readonly ShardStatus[] };
    return shards;
  }

  /** Owner and replicas of a shard as they are now: they change places with every failover. */
  async membersOf(shard: ShardName): Promise<{ owner: string; replica: string }> {
    const status = (await this.shards()).find(({ name }) => name === shard);
    if (status === undefined) throw new Error(`there is no shard ${shard}`);
    const replica = status.members.find(({ cluster }) => cluster !== status.owner);
    if (replica === undefined) throw new Error(`shard ${shard} has no replica`);
    return { owner: status.owner, replica: replica.cluster };
  }

  /** Starts what is down, and waits until every cluster is in sync again. */
  async untilHealed(): Promise<void> {
    for (const process of [...this.#clusters.values(), this.nameNode]) {
      process.resume();
      if (!process.isRunning) await process.start();
    }
    for (const proxy of this.#proxies.values()) proxy.mend();
    const startedAtMs = performance.now();
    let last: unknown;
    for (;;) {
      try {
        const shards = await this.shards();
        last = shards;
        if (shards.length > 0 && shards.every(isWell)) return;
      } catch (error) {
        last = error;
      }
      if (performance.now() - startedAtMs > HEALED_MAX_MS) {
        const known = last instanceof Error ? last.message : JSON.stringify(last);
        throw new Error(`not healed within ${HEALED_MAX_MS / 1_000} s: ${known}`);
      }
      await delay(LOOK_INTERVAL_MS);
    }
  }

  /** What the clusters hold of a schedule, by cluster; every shard's documents from each of its clusters. */
  async finalStates(schedule: string): Promise<ReadonlyMap<string, FinalState>> {
    const contents = await Promise.all(
      Object.entries(SHARDS).map(async ([shard, names]) => ({
        shard,
        clusters: await Promise.all(
          names.map(async (name) => ({ name, state: await this.#contentOf(name, schedule) })),
        ),
      })),
    );
    const [first, second] = contents;
    // The first clusters of both shards together hold everything, and so do the second ones.
    return new Map(
      [0, 1].map((index): [string, FinalState] => {
        const parts = [first?.clusters[index], second?.clusters[index]];
        return [
          parts.map((part) => part?.name ?? '').join(' and '),
          new Map(parts.flatMap((part) => [...(part?.state ?? [])])),
        ];
      }),
    );
  }

  async #contentOf(cluster: string, schedule: string): Promise<FinalState> {
    const database = this.mongo(cluster).db('marquee');
    const state = new Map<string, FinalDocument>();
    for (const collection of ['movies', 'user_interactions']) {
      const found = database
        .collection<FinalDocument>(collection)
        .find(
          { _id: { $gte: `${schedule}-`, $lt: `${schedule}.` } },
          { readConcern: { level: 'majority' } },
        );
      for await (const document of found) state.set(`${collection}/${document._id}`, document);
    }
    return state;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#mongos.values()].map((client) => client.close()));
    await this.nameNode.stop();
    await Promise.all([...this.#clusters.values()].map((cluster) => cluster.stop()));
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
    await this.#removeDir();
  }

  get #nameNodeUrl(): string {
    return `http://127.0.0.1:${this.#portOf('namenode')}`;
  }

  #portOf(name: string): number {
    const port = this.#ports.get(name);
    if (port === undefined) throw new TypeError(`there is no port for ${name}`);
    return port;
  }

  #uriOf(name: string): string {
    return `mongodb://127.0.0.1:${this.#portOf(name)}/?directConnection=true`;
  }

  #clustersFile(of: string, uriOf: (name: string) => string): string {
    const clusters = Object.entries(SHARDS).flatMap(([shard, [owner, ...replicas]]) => [
      { name: owner, shard, role: 'owner', uri: uriOf(owner) },
      ...replicas.map((name) => ({ name, shard, role: 'replica', uri: uriOf(name) })),
    ]);
    const path = join(this.#dir, `${of}.clusters.json`);
    mkdirSync(this.#dir, { recursive: true });
    writeFileSync(path, JSON.stringify({ clusters, metadata: { uri: uriOf(METADATA) } }), {
      mode: 0o600,
    });
    return path;
  }
}

const isWell = ({ members, busyWith }: ShardStatus): boolean =>
  busyWith === null &&
  members.every(({ status, health }) => status === 'in-sync' && health === 'healthy');

const freePorts = async (names: readonly string[]): Promise<Map<string, number>> => {
  const held = await Promise.all(
    names.map(async (name) => {
      const server = createServer();
      const port = await new Promise<number>((resolve) =>
        server.listen(0, '127.0.0.1', () => {
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? address.port : 0);
        }),
      );
      return { name, port, release: () => new Promise((done) => server.close(done)) };
    }),
  );
  await Promise.all(held.map(({ release }) => release()));
  return new Map(held.map(({ name, port }) => [name, port]));
};
