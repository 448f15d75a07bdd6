import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** A log that could not be written is tried again with the first line after this time. */
export const LOG_RETRY_MS = 5_000;

export interface ProcessLogOptions {
  /** Told each time that lines begin to be lost, e.g. on a full disk. */
  readonly onTrouble: (message: string) => void;
  readonly now: () => number;
}

/** The whole output of a process, in a file. Never throws: a full disk costs lines, not the system. */
export class ProcessLog {
  readonly #path: string;
  readonly #options: ProcessLogOptions;
  #stream: WriteStream | undefined;
  #retryAtMs: number | undefined;
  #isClosed = false;

  constructor(path: string, options: ProcessLogOptions) {
    this.#path = path;
    this.#options = options;
  }

  write(line: string): void {
    this.#writable()?.write(`${line}\n`);
  }

  /** Resolves once everything is in the file, or cannot be; what is written later is lost. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const stream = this.#stream;
    if (stream === undefined) return;
    stream.end();
    await finished(stream).catch(() => undefined);
  }

  #writable(): WriteStream | undefined {
    if (this.#isClosed) return undefined;
    if (this.#stream !== undefined) return this.#stream;
    if (this.#retryAtMs !== undefined && this.#options.now() < this.#retryAtMs) return undefined;
    const stream = createWriteStream(this.#path, { flags: 'a', mode: 0o600 });
    stream.on('error', (error) => {
      this.#stream = undefined;
      this.#retryAtMs = this.#options.now() + LOG_RETRY_MS;
      this.#options.onTrouble(`its log cannot be written: ${error.message}`);
    });
    this.#stream = stream;
    return stream;
  }
}
