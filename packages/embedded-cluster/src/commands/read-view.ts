import { CommandError } from '../command-error.ts';
import type { Catalog } from '../storage/catalog.ts';
import type { Entry } from '../storage/environment.ts';
import type { DurableState } from '../storage/group-commit.ts';
import { rangeLayered } from '../storage/layered-read.ts';
import type { ReadView } from '../storage/view.ts';
import type { CommandContext } from './command.ts';

/** What is on disk, at one moment. */
export class DurableView implements ReadView {
  readonly #state: DurableState;

  constructor(state: DurableState) {
    this.#state = state;
  }

  get catalog(): Catalog {
    return this.#state.catalog;
  }

  get(key: Buffer): Buffer | undefined {
    return this.#state.snapshot.get(key);
  }

  range(start: Buffer, end: Buffer, reverse = false): Iterable<Entry> {
    return rangeLayered([], this.#state.snapshot, start, end, reverse);
  }
}

/** Reads in the command's transaction, at the moment that it names, or over what is on disk now. */
export const withReadView = async <T>(
  context: CommandContext,
  read: (view: ReadView) => Promise<T>,
): Promise<T> => {
  if (context.transaction) return await read(context.transaction);
  const state = stateFor(context);
  state.snapshot.retain();
  try {
    return await read(new DurableView(state));
  } finally {
    state.snapshot.release();
  }
};

const stateFor = ({ cluster, readConcern }: CommandContext): DurableState => {
  if (readConcern.level !== 'snapshot') return cluster.store.commits.durable;
  const { atClusterTime } = readConcern;
  if (!atClusterTime) return cluster.pastStates.pinCurrent().state;
  const state = cluster.pastStates.at(atClusterTime);
  if (!state) {
    throw new CommandError(239, 'Read timestamp is older than the oldest available timestamp.');
  }
  return state;
};
