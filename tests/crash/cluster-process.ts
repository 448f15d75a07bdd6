import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('main.js', import.meta.resolve('@marquee/embedded-cluster')));

/** An embedded cluster in a process of its own, so that it can be killed. Build first: it runs from dist. */
export class ClusterProcess {
  readonly uri: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(child: ChildProcess, uri: string) {
    this.#child = child;
    this.uri = uri;
    this.#ended = new Promise((resolve) => {
      child.once('exit', () => {
        resolve();
      });
    });
  }

  /** Port 0 is any; a client that is to find the next process where the last one was names it. */
  static async start(dataDir: string, port: number): Promise<ClusterProcess> {
    const child = spawn(
      process.execPath,
      [entry, '--name', 'crash', '--port', port.toString(), '--data', dataDir],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const uri = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => {
        reject(new Error(`the cluster ended with ${String(code)} before it listened`));
      });
      child.stdout.on('data', (chunk: Buffer) => {
        const found = /listening (\S+)/.exec(chunk.toString());
        if (found?.[1]) resolve(found[1]);
      });
    });
    return new ClusterProcess(child, uri);
  }

  get port(): number {
    return Number(new URL(this.uri).port);
  }

  /** `kill -9`: nothing in the process gets to run any more. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
