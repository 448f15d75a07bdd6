import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { endpointsPath, type Endpoints } from './endpoints.ts';

/** A file that could not be written is tried again after this time. */
export const ENDPOINTS_RETRY_MS = 5_000;

export interface EndpointsFileOptions {
  /** Told when an update could not be written. */
  readonly onTrouble: (message: string) => void;
  readonly retryMs?: number;
}

/** `endpoints.json` while its system runs. Nobody ever reads half of it. */
export class EndpointsFile {
  readonly #path: string;
  readonly #onTrouble: (message: string) => void;
  readonly #retryMs: number;
  #retry: NodeJS.Timeout | undefined;

  constructor(dataDir: string, options: EndpointsFileOptions) {
    this.#path = endpointsPath(dataDir);
    this.#onTrouble = options.onTrouble;
    this.#retryMs = options.retryMs ?? ENDPOINTS_RETRY_MS;
  }

  /** @throws what the file system says. */
  publish(endpoints: Endpoints): void {
    clearTimeout(this.#retry);
    const draft = `${this.#path}.new`;
    writeFileSync(draft, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.#path);
  }

  /** As `publish`, but never throws: what cannot be written now is written as soon as it can be. */
  update(endpoints: Endpoints): void {
    try {
      this.publish(endpoints);
    } catch (error) {
      this.#onTrouble(`endpoints.json cannot be written: ${(error as Error).message}`);
      this.#retry = setTimeout(() => this.update(endpoints), this.#retryMs);
      this.#retry.unref();
    }
  }

  /** The file is gone, and an update that is still to be written never comes. */
  withdraw(): void {
    clearTimeout(this.#retry);
    rmSync(this.#path, { force: true });
    rmSync(`${this.#path}.new`, { force: true });
  }
}
