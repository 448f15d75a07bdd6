import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import { type EmbeddedCluster, startEmbeddedCluster } from '../src/index.ts';

/** A cluster of this process, over real TCP, in a folder of its own. */
export class ClusterFixture {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'embedded-cluster-'));
  readonly #clients: MongoClient[] = [];
  readonly #testCommands: boolean;
  readonly #nowMs: () => number;
  #cluster: EmbeddedCluster | undefined;

  constructor({ testCommands = false, nowMs = Date.now } = {}) {
    this.#testCommands = testCommands;
    this.#nowMs = nowMs;
  }

  get uri(): string {
    return this.#cluster?.uri ?? '';
  }

  get port(): number {
    return this.#cluster?.port ?? 0;
  }

  async start(port = 0): Promise<void> {
    this.#cluster = await startEmbeddedCluster({
      name: 'fixture',
      port,
      dataDir: this.dataDir,
      testCommands: this.#testCommands,
      nowMs: this.#nowMs,
    });
  }

  /** Closes and opens the same folder again, on the same port. */
  async restart(): Promise<void> {
    const { port } = this;
    await this.#cluster?.close();
    await this.start(port);
  }

  async connect(options: MongoClientOptions = {}): Promise<MongoClient> {
    const client = await MongoClient.connect(this.uri, {
      serverSelectionTimeoutMS: 5000,
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
    await this.#cluster?.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
