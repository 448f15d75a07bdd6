import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessSpec } from './process-spec.ts';

/** A process that does not end in this time after SIGTERM is killed; its own drain is shorter. */
export const STOP_TIMEOUT_MS = 12_000;

/** How long the last output of an ended process is awaited; one that outlived it may hold the pipe. */
export const LAST_OUTPUT_TIMEOUT_MS = 1_000;

/** How a process ended: by a code, or by what the text says (a signal, or why it could not begin). */
export interface Exit {
  readonly code: number | null;
  readonly how: string;
}

/**
 * A program in a process group of its own: Ctrl-C at the terminal reaches the launcher alone, and what
 * the program started (a held mongod) ends with it, however it ends.
 */
export class ProcessGroup {
  /** Resolves once the program is gone, and the rest of its group was killed. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #hasExited = false;

  constructor(
    spec: Pick<ProcessSpec, 'command' | 'args' | 'env'>,
    onLine: (line: string, from: 'stdout' | 'stderr') => void,
  ) {
    const child = spawn(spec.command, spec.args, {
      env: spec.env,
      detached: true,
      // The channel is how the child notices that the launcher is gone (bin/die-with-parent.mjs).
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    for (const from of ['stdout', 'stderr'] as const) {
      const input = child[from];
      if (input) createInterface({ input }).on('line', (line) => onLine(line, from));
    }
    this.#closed = new Promise((resolve) => child.once('close', () => resolve()));
    this.exited = new Promise((resolve) => {
      const leave = (exit: Exit): void => {
        // While the group has a member its number is not given out again; later it may be somebody's.
        this.kill();
        this.#hasExited = true;
        resolve(exit);
      };
      child.once('exit', (code, signal) =>
        leave({ code, how: signal ?? `code ${code ?? 'unknown'}` }),
      );
      child.on('error', (error) => {
        if (child.pid === undefined) leave({ code: null, how: error.message });
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** SIGTERM, then SIGKILL if it takes longer than STOP_TIMEOUT_MS. Resolves once it is gone and what
   * it said was read. */
  async end(): Promise<void> {
    if (!this.#hasExited) this.#child.kill('SIGTERM');
    const killer = setTimeout(() => this.kill(), STOP_TIMEOUT_MS);
    await this.exited;
    clearTimeout(killer);
    await this.outputRead();
  }

  /** Resolves once all that an ended program said was read, at the latest after LAST_OUTPUT_TIMEOUT_MS. */
  async outputRead(): Promise<void> {
    await Promise.race([this.#closed, delay(LAST_OUTPUT_TIMEOUT_MS, undefined, { ref: false })]);
  }

  /** SIGKILL for the whole group, also for what is halted or busy and so deaf to everything else. */
  kill(): void {
    if (this.#hasExited || this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // Nobody is left in it.
    }
  }
}
