import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedCluster, startEmbeddedCluster } from '@marquee/embedded-cluster';

/** An embedded cluster in a temporary folder. */
export class EmbeddedDeployment {
  #cluster: EmbeddedCluster;
  readonly #dataDir: string;

  private constructor(cluster: EmbeddedCluster, dataDir: string) {
    this.#cluster = cluster;
    this.#dataDir = dataDir;
  }

  static async start(): Promise<EmbeddedDeployment> {
    const dataDir = mkdtempSync(join(tmpdir(), 'conformance-'));
    const cluster = await startEmbeddedCluster({ name: 'conformance', port: 0, dataDir });
    return new EmbeddedDeployment(cluster, dataDir);
  }

  /** Over the same folder, at the same address: what is not on disk is gone. */
  async restart(): Promise<void> {
    const { port } = this.#cluster;
    await this.#cluster.close();
    this.#cluster = await startEmbeddedCluster({
      name: 'conformance',
      port,
      dataDir: this.#dataDir,
    });
  }

  get uri(): string {
    return this.#cluster.uri;
  }

  async stop(): Promise<void> {
    await this.#cluster.close();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
