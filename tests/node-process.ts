import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

const DIE_WITH_PARENT = fileURLToPath(
  new URL('../packages/launcher/bin/die-with-parent.mjs', import.meta.url),
);

/** Last lines of output that are kept, for the day that a process ends unasked. */
const OUTPUT_LINES_KEPT = 40;
const START_MAX_MS = 60_000;

export interface ProgramOptions {
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether this line of its output says that it is ready. Without it, starting it is enough. */
  readonly isReady?: (line: string) => boolean;
  readonly onMessage?: (message: unknown) => void;
}

/** A Node program that can be killed, halted and started again; it ends with this process. */
export class NodeProcess {
  readonly name: string;
  readonly #options: ProgramOptions;
  readonly #output: string[] = [];
  #child: ChildProcess | undefined;

  constructor(options: ProgramOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** @throws an Error with its last output, if it ends first or takes too long. */
  async start(): Promise<void> {
    const { script, args = [], env = {}, isReady, onMessage } = this.#options;
    const child = spawn(process.execPath, ['--import', DIE_WITH_PARENT, script, ...args], {
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    if (onMessage !== undefined) child.on('message', onMessage);
    await new Promise<void>((resolve, reject) => {
      const fail = (what: string): void =>
        reject(new Error(`${this.name} ${what}:\n${this.#output.join('\n')}`));
      const timer = setTimeout(() => fail('did not get ready'), START_MAX_MS);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        fail(`ended with ${signal ?? String(code)}`);
      });
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue;
        createInterface({ input: stream }).on('line', (line) => {
          this.#output.push(line);
          if (this.#output.length > OUTPUT_LINES_KEPT) this.#output.shift();
          if (isReady?.(line) === true) {
            clearTimeout(timer);
            resolve();
          }
        });
      }
      if (isReady === undefined) {
        clearTimeout(timer);
        resolve();
      }
    });
  }

  send(message: object): void {
    if (this.#child?.connected === true) this.#child.send(message, () => undefined);
  }

  /** `kill -9`: nothing in the process gets to run any more. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    this.resume();
    await this.#end('SIGTERM');
  }

  /** Halted, not ended: its connections stay open and say nothing. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }
}
