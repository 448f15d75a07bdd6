import { MarqueeError } from '@marquee/errors';
import { consoleText } from './console-lines.ts';
import { ProcessGroup } from './process-group.ts';
import { ProcessLog } from './process-log.ts';
import type { ProcessSpec } from './process-spec.ts';

/** A program that ends by itself; its output goes to its log, and what matters to the console too. */
export class OneOffProcess {
  readonly #name: string;
  readonly #log: ProcessLog;
  readonly #group: ProcessGroup;

  constructor(
    spec: Pick<ProcessSpec, 'name' | 'command' | 'args' | 'env'>,
    options: {
      readonly logFile: string;
      readonly print: (name: string, line: string) => void;
    },
  ) {
    this.#name = spec.name;
    const print = (line: string): void => options.print(spec.name, line);
    this.#log = new ProcessLog(options.logFile, { onTrouble: print, now: () => performance.now() });
    this.#group = new ProcessGroup(spec, (line) => {
      this.#log.write(line);
      const text = consoleText(line);
      if (text !== null) print(text);
    });
  }

  /** Resolves once it has ended and its last line is in the log. @throws INTERNAL if it failed. */
  async done(): Promise<void> {
    const { code, how } = await this.#group.exited;
    await this.#group.outputRead();
    await this.#log.close();
    if (code === 0) return;
    const message = `${this.#name} failed (${how})`;
    throw new MarqueeError('INTERNAL', { process: this.#name }, { message });
  }

  stop(): Promise<void> {
    return this.#group.end();
  }

  kill(): void {
    this.#group.kill();
  }
}
