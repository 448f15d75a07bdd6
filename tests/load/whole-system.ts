import { createServer } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTempDir } from '@marquee/test-kit';
import type { Endpoints } from '../e2e/running-system.ts';
import { NodeProcess } from '../node-process.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface ClustersFile {
  clusters: { name: string; shard: string; role: 'owner' | 'replica'; uri: string }[];
}

/** `npm start` on free ports and with data of its own; nothing that ends is started again. */
export class WholeSystem {
  readonly #dir: string;
  readonly #removeDir: () => Promise<void>;
  readonly #launcher: NodeProcess;
  readonly #more: NodeProcess[] = [];

  private constructor(dir: string, removeDir: () => Promise<void>) {
    this.#dir = dir;
    this.#removeDir = removeDir;
    this.#launcher = new NodeProcess({
      name: 'npm start',
      script: fromRoot('packages/launcher/bin/start.mjs'),
      args: ['--port-base', '0', '--data', dir, '--no-restart'],
      env: { NO_COLOR: '1' },
      isReady: (line) => line.includes('Marquee is ready'),
    });
  }

  static async start(): Promise<WholeSystem> {
    const { path, remove } = await createTempDir();
    const system = new WholeSystem(path, remove);
    try {
      await system.#launcher.start();
      return system;
    } catch (error) {
      await system.close();
      throw error;
    }
  }

  get endpoints(): Endpoints {
    return JSON.parse(readFileSync(join(this.#dir, 'endpoints.json'), 'utf8')) as Endpoints;
  }

  get clustersFile(): string {
    return join(this.#dir, 'clusters.json');
  }

  get serviceSecretFile(): string {
    return join(this.#dir, 'secrets', 'service.secret');
  }

  /** `kill -9` of one of its processes. */
  kill(name: string): void {
    const found = this.endpoints.processes.find((process) => process.name === name);
    if (found === undefined) throw new TypeError(`${name} does not run`);
    process.kill(found.pid, 'SIGKILL');
  }

  /** Starts the clusters of a new shard and writes them into the clusters file, as an operator would. */
  async provide(shard: string, clusters: readonly string[]): Promise<void> {
    const file = this.clustersFile;
    const content = JSON.parse(readFileSync(file, 'utf8')) as ClustersFile;
    for (const [index, name] of clusters.entries()) {
      const port = await freePort();
      const cluster = new NodeProcess({
        name,
        script: fromRoot('packages/embedded-cluster/dist/main.js'),
        args: [
          ...['--name', name, '--port', String(port)],
          ...['--data', join(this.#dir, 'clusters', name)],
        ],
        isReady: (line) => line.includes('listening'),
      });
      this.#more.push(cluster);
      await cluster.start();
      const uri = `mongodb://127.0.0.1:${port}/?replicaSet=${name}`;
      content.clusters.push({ name, shard, role: index === 0 ? 'owner' : 'replica', uri });
    }
    writeFileSync(file, JSON.stringify(content, null, 2), { mode: 0o600 });
  }

  async close(): Promise<void> {
    await this.#launcher.stop();
    await Promise.all(this.#more.map((process) => process.stop()));
    await this.#removeDir();
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
