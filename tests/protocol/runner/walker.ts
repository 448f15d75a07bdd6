import { Worker } from 'node:worker_threads';
import type { WalkResult } from '../walk/run-walk.ts';
import type { WalkPlan } from '../walk/walk-plan.ts';

/** A mistake, as the change of a source that makes it. */
export interface Patch {
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** One walk: by its plan, or by the scenario and seed that make one. */
export type Task = { readonly patches: readonly Patch[]; readonly wantsTrace?: boolean } & (
  { readonly plan: WalkPlan } | { readonly scenario: string; readonly seed: number }
);

export interface Walked {
  /** Absent if the walk never came back. */
  readonly plan?: WalkPlan;
  readonly result: WalkResult;
  readonly trace?: readonly string[];
}

/** A walk takes a tenth of a second; on a busy machine a few. One that takes longer never ends. */
const WALK_MAX_MS = 60_000;

const HUNG: WalkResult = {
  violation: 'the code runs in circles without waiting for anything',
  steps: 0,
  acknowledged: 0,
  edits: {},
};

/** Walks, one after the other, in a thread of its own that is replaced when it hangs. */
export class Walker {
  readonly #workerFile: URL;
  #worker: Worker | undefined;

  constructor(workerFile: URL) {
    this.#workerFile = workerFile;
  }

  /** @throws Error with code STALE_PATCH if a patch does not fit its source any more. */
  async walk(task: Task): Promise<Walked> {
    const worker = (this.#worker ??= new Worker(this.#workerFile));
    return new Promise<Walked>((resolve, reject) => {
      const timer = setTimeout(() => {
        finish();
        this.#worker = undefined;
        void worker.terminate().then(() => resolve({ result: HUNG }));
      }, WALK_MAX_MS);
      const onMessage = (answer: Walked | { error: { code?: string; message: string } }): void => {
        finish();
        if (!('error' in answer)) resolve(answer);
        else reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
      };
      const onError = (error: Error): void => {
        finish();
        this.#worker = undefined;
        reject(error);
      };
      const finish = (): void => {
        clearTimeout(timer);
        worker.off('message', onMessage);
        worker.off('error', onError);
      };
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.postMessage(task);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }
}
