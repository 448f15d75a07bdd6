import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessSpec } from './process-spec.ts';
import { SupervisedProcess } from './supervised-process.ts';

/** All processes of a start: brought up stage by stage, taken down in reverse. */
export class Supervisor {
  readonly #stages: SupervisedProcess[][] = [];
  readonly #options: {
    readonly logDir: string;
    readonly restart: boolean;
    readonly print: (name: string, line: string) => void;
    readonly onChange: () => void;
  };

  constructor(options: {
    readonly logDir: string;
    readonly restart: boolean;
    readonly print: (name: string, line: string) => void;
    readonly onChange: () => void;
  }) {
    this.#options = options;
  }

  /** Starts these side by side and waits until all are ready. @throws NOT_READY */
  async startStage(specs: readonly ProcessSpec[]): Promise<void> {
    const { logDir, restart, print, onChange } = this.#options;
    // Not earlier: a start with --reset clears the folder first.
    mkdirSync(logDir, { recursive: true, mode: 0o700 });
    const stage = specs.map(
      (spec) =>
        new SupervisedProcess(spec, {
          logFile: join(logDir, `${spec.name}.log`),
          restart,
          print,
          onRestarted: onChange,
          onGone: onChange,
        }),
    );
    this.#stages.push(stage);
    await Promise.all(stage.map((process) => process.start()));
  }

  /** Name and pid of every process that runs now. */
  running(): { name: string; pid: number }[] {
    return this.#stages
      .flat()
      .flatMap(({ spec, pid }) => (pid === undefined ? [] : [{ name: spec.name, pid }]));
  }

  /** Drains the last stage first, so that nobody loses what it stands on. */
  async stop(): Promise<void> {
    for (const stage of [...this.#stages].reverse()) {
      await Promise.all(stage.map((process) => process.stop()));
    }
  }

  kill(): void {
    for (const process of this.#stages.flat()) process.kill();
  }
}
