import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { MarqueeError } from '@marquee/errors';
import { consoleText } from './console-lines.ts';
import type { ProcessSpec } from './process-spec.ts';

/** A process that does not get ready in this time is given up: something is wrong with it. */
export const READY_TIMEOUT_MS = 60_000;

/** A process that does not end in this time after SIGTERM is killed; its own drain is shorter. */
export const STOP_TIMEOUT_MS = 12_000;

/** How long the last output of an ended process is awaited; one that outlived it may hold the pipe. */
export const LAST_OUTPUT_TIMEOUT_MS = 1_000;

/** First wait before a restart; doubles with each one that follows soon. */
export const RESTART_FIRST_DELAY_MS = 250;
export const RESTART_DELAY_MAX_MS = 10_000;

/** A process that ran for this long is taken for healthy: the next restart waits little again. */
export const STABLE_AFTER_MS = 30_000;

const READY_POLL_MS = 50;

type State =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly child: ChildProcess; readonly startedAtMs: number }
  | { readonly phase: 'waiting'; readonly cancel: AbortController }
  | { readonly phase: 'stopped' };

export interface SupervisionOptions {
  readonly logFile: string;
  readonly restart: boolean;
  readonly print: (name: string, line: string) => void;
  /** After a restart: the pid has changed. */
  readonly onRestarted: () => void;
  /** The process ended by itself and will not be started again. */
  readonly onGone: () => void;
}

/** One child process: started, watched, restarted with backoff when it ends by itself, stopped. */
export class SupervisedProcess {
  readonly spec: ProcessSpec;
  readonly #options: SupervisionOptions;
  readonly #log: WriteStream;
  #state: State = { phase: 'idle' };
  #delayMs = RESTART_FIRST_DELAY_MS;
  #outputEnded: Promise<void> = Promise.resolve();

  constructor(spec: ProcessSpec, options: SupervisionOptions) {
    this.spec = spec;
    this.#options = options;
    this.#log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  }

  get pid(): number | undefined {
    return this.#state.phase === 'running' ? this.#state.child.pid : undefined;
  }

  /** @throws NOT_READY if the process ends first or takes longer than READY_TIMEOUT_MS. */
  async start(): Promise<void> {
    const child = this.#spawn();
    const ended = new Promise<never>((_, reject) => {
      child.once('exit', (code, signal) =>
        reject(this.#notReady(`ended with ${signal ?? `code ${code ?? '?'}`} before it was ready`)),
      );
    });
    ended.catch(() => undefined);
    const abort = new AbortController();
    const late = delay(READY_TIMEOUT_MS, undefined, { signal: abort.signal }).then(
      () => Promise.reject(this.#notReady(`was not ready within ${READY_TIMEOUT_MS / 1000} s`)),
      () => undefined,
    );
    try {
      await Promise.race([this.#ready(child, abort.signal), ended, late]);
    } finally {
      abort.abort();
    }
  }

  /** SIGTERM, then SIGKILL if it takes too long. Resolves once the process is gone and all that it
   * said is in its log. */
  async stop(): Promise<void> {
    const state = this.#state;
    this.#state = { phase: 'stopped' };
    if (state.phase === 'waiting') state.cancel.abort();
    if (state.phase === 'running') {
      await end(state.child);
      await Promise.race([
        this.#outputEnded,
        delay(LAST_OUTPUT_TIMEOUT_MS, undefined, { ref: false }),
      ]);
    }
    this.#log.end();
    // A log that cannot be written must not keep the system from stopping.
    await finished(this.#log).catch(() => undefined);
  }

  /** Ends it at once and waits for nothing. */
  kill(): void {
    if (this.#state.phase === 'running') killGroup(this.#state.child);
  }

  #notReady(what: string): MarqueeError {
    const message = `${this.spec.name} ${what}; its log: ${this.#options.logFile}`;
    return new MarqueeError('NOT_READY', { process: this.spec.name }, { message });
  }

  #spawn(): ChildProcess {
    const child = spawn(this.spec.command, this.spec.args, {
      env: this.spec.env,
      // Its own group: Ctrl-C at the terminal reaches the launcher alone, which then drains in order.
      detached: true,
      // The channel is how the child notices that the launcher is gone (bin/die-with-parent.mjs).
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#state = { phase: 'running', child, startedAtMs: Date.now() };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#line(line));
    }
    this.#outputEnded = new Promise((resolve) => child.once('close', () => resolve()));
    child.once('error', (error) => this.#options.print(this.spec.name, error.message));
    child.once('exit', (code, signal) => void this.#ended(child, signal ?? `code ${code ?? '?'}`));
    return child;
  }

  #line(line: string): void {
    if (this.#log.writable) this.#log.write(`${line}\n`);
    const text = consoleText(line);
    if (text !== null) this.#options.print(this.spec.name, text);
  }

  async #ready(child: ChildProcess, signal: AbortSignal): Promise<void> {
    if (child.stdout === null) return;
    const lines = createInterface({ input: child.stdout });
    await new Promise<void>((resolve) => {
      lines.on('line', (line) => {
        if (this.spec.saysListening(line)) resolve();
      });
      signal.addEventListener('abort', () => resolve());
    });
    const { readyUrl } = this.spec;
    while (readyUrl !== undefined && !signal.aborted && !(await answers(readyUrl))) {
      await delay(READY_POLL_MS);
    }
  }

  async #ended(child: ChildProcess, how: string): Promise<void> {
    const state = this.#state;
    if (state.phase !== 'running' || state.child !== child) return;
    const ranMs = Date.now() - state.startedAtMs;
    if (!this.#options.restart) {
      this.#state = { phase: 'idle' };
      this.#options.print(this.spec.name, `ended (${how}) and is not restarted`);
      this.#options.onGone();
      return;
    }
    if (ranMs >= STABLE_AFTER_MS) this.#delayMs = RESTART_FIRST_DELAY_MS;
    const waitMs = this.#delayMs;
    this.#delayMs = Math.min(this.#delayMs * 2, RESTART_DELAY_MAX_MS);
    const cancel = new AbortController();
    this.#state = { phase: 'waiting', cancel };
    this.#options.print(this.spec.name, `ended (${how}); starting it again in ${waitMs} ms`);
    try {
      await delay(waitMs, undefined, { signal: cancel.signal });
    } catch {
      return;
    }
    this.#spawn();
    this.#options.onRestarted();
  }
}

const answers = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const killer = setTimeout(() => killGroup(child), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(killer);
};

// The whole group: a program that is held by another process (mongod) must not stay behind.
const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended in this very moment.
  }
};
