import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MarqueeError } from '@marquee/errors';
import { OneOffProcess } from './one-off-process.ts';
import type { ProcessSpec } from './process-spec.ts';
import { SupervisedProcess } from './supervised-process.ts';

export interface SupervisorOptions {
  readonly logDir: string;
  readonly restart: boolean;
  readonly print: (name: string, line: string) => void;
  /** What `running` answers has changed. */
  readonly onChange: () => void;
}

/** All processes of a start: brought up stage by stage, taken down in reverse. */
export class Supervisor {
  readonly #stages: SupervisedProcess[][] = [];
  readonly #programs = new Set<OneOffProcess>();
  readonly #options: SupervisorOptions;
  #isStopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /**
   * Starts these side by side and waits until all are ready. A stage need not wait for the one before:
   * the order of the calls is the order of the stages.
   *
   * @throws NOT_READY
   */
  async startStage(specs: readonly ProcessSpec[]): Promise<void> {
    this.#begin();
    const { restart, print, onChange } = this.#options;
    const stage = specs.map(
      (spec) =>
        new SupervisedProcess(spec, { logFile: this.#logOf(spec), restart, print, onChange }),
    );
    this.#stages.push(stage);
    await Promise.all(stage.map((process) => process.start()));
  }

  /** Runs a program that ends by itself. @throws INTERNAL if it fails, NOT_READY */
  async runToEnd(spec: Pick<ProcessSpec, 'name' | 'command' | 'args' | 'env'>): Promise<void> {
    this.#begin();
    const { print } = this.#options;
    const program = new OneOffProcess(spec, { logFile: this.#logOf(spec), print });
    this.#programs.add(program);
    try {
      await program.done();
    } finally {
      this.#programs.delete(program);
    }
  }

  /** Name and pid of every process that runs now. */
  running(): { name: string; pid: number }[] {
    return this.#stages
      .flat()
      .flatMap(({ spec, pid }) => (pid === undefined ? [] : [{ name: spec.name, pid }]));
  }

  /** Drains the last stage first, so that nobody loses what it stands on; nothing starts any more. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all([...this.#programs].map((program) => program.stop()));
    for (const stage of [...this.#stages].reverse()) {
      await Promise.all(stage.map((process) => process.stop()));
    }
  }

  /** Ends everything at once, also what is being drained. */
  kill(): void {
    this.#isStopping = true;
    for (const process of [...this.#programs, ...this.#stages.flat()]) process.kill();
  }

  #begin(): void {
    if (this.#isStopping) throw new MarqueeError('NOT_READY', {}, { message: 'stopped' });
    // Not earlier: a start with --reset clears the folder first.
    mkdirSync(this.#options.logDir, { recursive: true, mode: 0o700 });
  }

  #logOf({ name }: Pick<ProcessSpec, 'name'>): string {
    return join(this.#options.logDir, `${name}.log`);
  }
}
