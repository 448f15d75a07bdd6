import { MarqueeError } from '@marquee/errors';
import type { Edit } from '../../../namenode-service/src/directory/edit.ts';
import {
  EMPTY_DIRECTORY,
  type DirectoryState,
} from '../../../namenode-service/src/directory/directory-state.ts';
import type { AppendOutcome, EditLog } from '../../../namenode-service/src/edit-log/edit-log.ts';
import type { LeaseStore, StoredLease } from '../../../namenode-service/src/leader/leader-lease.ts';
import { isServerError } from '../cluster-double/server-errors.ts';
import type { Endpoint, Network } from './network.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimProcess } from './sim-process.ts';

/** A stage of a metadata call takes at most this long, as with the real driver's settings. */
const ANSWER_MAX_MS = 6_000;

/** The metadata cluster: the edits under their numbers, and the leader's lease. */
export class Metadata implements Endpoint {
  readonly name = 'metadata';
  readonly edits: Edit[] = [];
  lease: StoredLease = { holder: null, counter: 0, url: null };
  #generation = 0;
  #stops = 0;

  get isUp(): boolean {
    return this.#stops === 0;
  }

  get generation(): number {
    return this.#generation;
  }

  handle(work: () => void): void {
    work();
  }

  stop(): void {
    this.#stops += 1;
    this.#generation += 1;
  }

  start(): void {
    this.#stops = Math.max(0, this.#stops - 1);
  }

  startForGood(): void {
    this.#stops = 0;
  }
}

export interface MetadataClientOptions {
  readonly metadata: Metadata;
  readonly network: Network;
  readonly process: SimProcess;
  readonly random: SeededRandom;
  /** Told of each edit that was stored. */
  readonly onEdit: (edit: Edit) => void;
}

/** The edit log and the lease as one process reaches them. */
export class MetadataClient implements EditLog, LeaseStore {
  readonly #options: MetadataClientOptions;

  constructor(options: MetadataClientOptions) {
    this.#options = options;
  }

  append(edit: Edit): Promise<AppendOutcome> {
    return this.#call(({ edits }) => {
      const stored = edits[edit.number - 1];
      if (stored !== undefined) return stored === edit ? 'appended' : 'number-taken';
      if (edit.number !== edits.length + 1) throw new TypeError(`a gap before ${edit.number}`);
      edits.push(edit);
      this.#options.onEdit(edit);
      return 'appended';
    });
  }

  readToEnd(number: number): Promise<Edit[]> {
    return this.#call(({ edits }) => edits.slice(number));
  }

  page(after: number, limit: number): Promise<Edit[]> {
    return this.#call(({ edits }) => edits.slice(after, after + limit));
  }

  loadSnapshot(): Promise<DirectoryState> {
    return this.#call(() => EMPTY_DIRECTORY);
  }

  async saveSnapshot(): Promise<void> {
    // A walk's log is short: a start reads all of it.
  }

  read(): Promise<StoredLease> {
    return this.#call(({ lease }) => lease);
  }

  compareAndSet(counter: number, next: StoredLease): Promise<boolean> {
    return this.#call((metadata) => {
      if (metadata.lease.counter !== counter) return false;
      metadata.lease = next;
      return true;
    });
  }

  async #call<T>(handle: (metadata: Metadata) => T): Promise<T> {
    const { metadata, network, process, random } = this.#options;
    const answer = network.call(process, random, metadata, () => handle(metadata));
    try {
      return await before(ANSWER_MAX_MS, process, answer);
    } catch (error) {
      if (!isServerError(error, 'connection-lost')) throw error;
      throw new MarqueeError('METADATA_UNAVAILABLE', {}, { cause: error });
    }
  }
}

const before = <T>(delayMs: number, process: SimProcess, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = process.clock.setTimer(() => {
      reject(new MarqueeError('METADATA_UNAVAILABLE'));
    }, delayMs);
    work.finally(cancel).then(resolve, reject);
  });
