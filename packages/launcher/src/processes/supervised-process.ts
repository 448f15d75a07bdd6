import { setTimeout as delay } from 'node:timers/promises';
import { MarqueeError } from '@marquee/errors';
import { consoleText } from './console-lines.ts';
import { ProcessGroup } from './process-group.ts';
import { ProcessLog } from './process-log.ts';
import type { ProcessSpec } from './process-spec.ts';

/** A process that does not get ready in this time is given up: something is wrong with it. */
export const READY_TIMEOUT_MS = 60_000;

/** First wait before a restart; doubles with each one that follows soon. */
export const RESTART_FIRST_DELAY_MS = 250;
export const RESTART_DELAY_MAX_MS = 10_000;

/** A process that ran for this long is taken for healthy: the next restart waits little again. */
export const STABLE_AFTER_MS = 30_000;

const READY_POLL_MS = 50;

type State =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly pid: number | undefined; readonly startedAtMs: number }
  | { readonly phase: 'waiting'; readonly cancel: AbortController }
  | { readonly phase: 'stopped' };

export interface SupervisionOptions {
  readonly logFile: string;
  readonly restart: boolean;
  readonly print: (name: string, line: string) => void;
  /** It ended by itself or was started again: `pid` has changed. */
  readonly onChange: () => void;
}

/** One child process: started, watched, restarted with backoff when it ends by itself, stopped. */
export class SupervisedProcess {
  readonly spec: ProcessSpec;
  readonly #options: SupervisionOptions;
  readonly #log: ProcessLog;
  #state: State = { phase: 'idle' };
  /** Apart from the state: what is being drained can still be killed. */
  #group: ProcessGroup | undefined;
  #delayMs = RESTART_FIRST_DELAY_MS;

  constructor(spec: ProcessSpec, options: SupervisionOptions) {
    this.spec = spec;
    this.#options = options;
    this.#log = new ProcessLog(options.logFile, {
      onTrouble: (message) => options.print(spec.name, message),
      now: () => performance.now(),
    });
  }

  /** Undefined while it does not run, also between two lives. */
  get pid(): number | undefined {
    return this.#state.phase === 'running' ? this.#state.pid : undefined;
  }

  /** @throws NOT_READY if the process ends first or takes longer than READY_TIMEOUT_MS. */
  async start(): Promise<void> {
    const abort = new AbortController();
    let heard: () => void = () => undefined;
    const listening = new Promise<void>((resolve) => (heard = resolve));
    const group = this.#spawn((line) => {
      if (this.spec.saysListening(line)) heard();
    });
    const ended = group.exited.then(({ how }) =>
      Promise.reject(this.#notReady(`ended with ${how} before it was ready`)),
    );
    ended.catch(() => undefined);
    const late = delay(READY_TIMEOUT_MS, undefined, { signal: abort.signal }).then(
      () => Promise.reject(this.#notReady(`was not ready within ${READY_TIMEOUT_MS / 1000} s`)),
      () => undefined,
    );
    try {
      await Promise.race([this.#ready(listening, abort.signal), ended, late]);
    } finally {
      abort.abort();
    }
  }

  /** SIGTERM, then SIGKILL if it takes too long. Resolves once the process is gone and all that it
   * said is in its log. */
  async stop(): Promise<void> {
    this.#leave();
    await this.#group?.end();
    await this.#log.close();
  }

  /** Ends it at once, also while it is stopped, and waits for nothing. */
  kill(): void {
    this.#leave();
    this.#group?.kill();
  }

  #leave(): void {
    const state = this.#state;
    this.#state = { phase: 'stopped' };
    if (state.phase === 'waiting') state.cancel.abort();
  }

  #notReady(what: string): MarqueeError {
    const message = `${this.spec.name} ${what}; its log: ${this.#options.logFile}`;
    return new MarqueeError('NOT_READY', { process: this.spec.name }, { message });
  }

  #spawn(onOutput: (line: string) => void = () => undefined): ProcessGroup {
    const group = new ProcessGroup(this.spec, (line, from) => {
      this.#line(line);
      if (from === 'stdout') onOutput(line);
    });
    this.#group = group;
    this.#state = { phase: 'running', pid: group.pid, startedAtMs: performance.now() };
    void group.exited.then(({ how }) => this.#ended(group, how));
    return group;
  }

  #line(line: string): void {
    this.#log.write(line);
    const text = consoleText(line);
    if (text !== null) this.#options.print(this.spec.name, text);
  }

  async #ready(listening: Promise<void>, signal: AbortSignal): Promise<void> {
    await listening;
    const { readyUrl } = this.spec;
    while (readyUrl !== undefined && !signal.aborted && !(await answers(readyUrl))) {
      await delay(READY_POLL_MS);
    }
  }

  async #ended(group: ProcessGroup, how: string): Promise<void> {
    const state = this.#state;
    if (state.phase !== 'running' || group !== this.#group) return;
    const { print, restart, onChange } = this.#options;
    if (!restart) {
      this.#state = { phase: 'idle' };
      print(this.spec.name, `ended (${how}) and is not restarted`);
      onChange();
      return;
    }
    const ranMs = performance.now() - state.startedAtMs;
    if (ranMs >= STABLE_AFTER_MS) this.#delayMs = RESTART_FIRST_DELAY_MS;
    const waitMs = this.#delayMs;
    this.#delayMs = Math.min(this.#delayMs * 2, RESTART_DELAY_MAX_MS);
    const cancel = new AbortController();
    this.#state = { phase: 'waiting', cancel };
    print(this.spec.name, `ended (${how}); starting it again in ${waitMs} ms`);
    onChange();
    try {
      await delay(waitMs, undefined, { signal: cancel.signal });
    } catch {
      return;
    }
    this.#spawn();
    onChange();
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
