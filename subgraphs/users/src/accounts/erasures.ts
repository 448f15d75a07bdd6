import { randomBytes } from 'node:crypto';
import type { Logger } from '@marquee/service-kit';
import {
  newOperationId,
  reactionOperation,
  requestHash,
  type ShardRouter,
  type SlotOperation,
  type StoredDocument,
} from '@marquee/subgraph-kit';
import { erasedUserContent, type UserContent } from '@marquee/subgraph-kit/documents';

/** How often accounts are looked for whose reactions are still to be removed. */
export const SWEEP_EVERY_MS = 30_000;

/**
 * A transaction may outlive the answer of its write: MongoDB ends it after a minute, and the reads
 * before the write had their time too.
 */
const SETTLE_BEYOND_WRITE_MS = 90_000;

/**
 * An erasure is done when nothing was found this long after it was asked for: a reaction that was under
 * way when the account was deleted has arrived, or failed, by then.
 */
export const settleMs = (writeDeadlineMs: number): number =>
  writeDeadlineMs + SETTLE_BEYOND_WRITE_MS;

/** Reactions, and accounts, that one step takes. */
const STEP_SIZE = 200;

/** Per step; what is not done by then is done by the next sweep. */
const STEP_DEADLINE_MS = 30_000;

export interface ErasureServices {
  readonly router: ShardRouter;
  readonly logger: Logger;
  readonly now: () => number;
}

/**
 * Removes the reactions of deleted accounts: a durable job, whose state is in the account's tombstone.
 * Every step is a single-slot operation that can be repeated, so any instance may take it up, several
 * at once, and a crash costs nothing but time.
 */
export interface Erasures {
  /** Begins to sweep; what it answers ends that. */
  start(services: ErasureServices): { close(): Promise<void> };
  /** There is something to do: do not wait for the next sweep. */
  wake(): void;
}

export const createErasures = (limits: {
  readonly sweepEveryMs: number;
  readonly settleMs: number;
}): Erasures => {
  let wake: () => void = () => undefined;
  return {
    wake: () => wake(),
    start: (services) => {
      let closed = false;
      let timer: NodeJS.Timeout | undefined;
      let sweeping: Promise<void> = Promise.resolve();
      const runNow = (): void => {
        clearTimeout(timer);
        // After the sweep that is under way, which may have passed by already.
        sweeping = sweeping.then(async () => {
          if (closed) return;
          await sweep(services, limits.settleMs).catch((err: unknown) => {
            services.logger.warn({ err }, 'deleted accounts could not be looked for');
          });
          clearTimeout(timer);
          timer = setTimeout(runNow, limits.sweepEveryMs).unref();
        });
      };
      wake = runNow;
      timer = setTimeout(runNow, limits.sweepEveryMs).unref();
      return {
        close: async () => {
          closed = true;
          clearTimeout(timer);
          await sweeping;
          clearTimeout(timer);
        },
      };
    },
  };
};

const sweep = async (services: ErasureServices, settleMs: number): Promise<void> => {
  let after: string | undefined;
  do {
    const page = await services.router.list('users', {
      queryName: 'pending-erasures',
      filter: { 'erasure.state': 'pending' },
      sort: [],
      includeDeleted: true,
      first: STEP_SIZE,
      ...(after === undefined ? {} : { after }),
    });
    for (const account of page.nodes) {
      // Others are not to wait for it: a film's shard may be down for long.
      await erase(services, account, settleMs).catch((err: unknown) => {
        services.logger.warn({ err }, 'reactions of a deleted account are still to be removed');
      });
    }
    after = page.hasNextPage ? page.cursors.at(-1) : undefined;
  } while (after !== undefined);
};

const erase = async (
  services: ErasureServices,
  account: StoredDocument,
  settleMs: number,
): Promise<void> => {
  const handle = account._id;
  const { requestedAt } = (account as unknown as { erasure: NonNullable<UserContent['erasure']> })
    .erasure;
  for (;;) {
    const page = await services.router.list('user_interactions', {
      queryName: 'reactions-to-erase',
      filter: { kind: 'interaction', handle },
      sort: [{ field: 'updatedAt', direction: -1 }],
      projection: { movieId: 1, updatedAt: 1 },
      first: STEP_SIZE,
    });
    if (page.nodes.length > 0) await removeReactions(services, handle, page.nodes);
    else if (page.unavailable.length > 0) return;
    else break;
  }
  if (services.now() - requestedAt.getTime() < settleMs) return;
  await services.router.write(markDone(services, handle, requestedAt));
};

const operationOf = ({ now }: ErasureServices, handle: string, name: string, payload: unknown) => ({
  operationId: `${handle}/${newOperationId({ now, randomBytes })}`,
  requestHash: requestHash(name, payload),
});

const removeReactions = async (
  services: ErasureServices,
  handle: string,
  interactions: readonly StoredDocument[],
): Promise<void> => {
  const at = new Date(services.now());
  const operations = interactions.map(({ movieId }) => {
    const change = {
      movieId: String(movieId),
      handle,
      reaction: null,
      evenIfFilmIsDeleted: true,
    } as const;
    return reactionOperation(operationOf(services, handle, 'eraseReaction', change), change, at);
  });
  const outcomes = await services.router.writeMany(operations, { deadlineMs: STEP_DEADLINE_MS });
  for (const outcome of outcomes) if ('refusal' in outcome) throw outcome.refusal as Error;
};

const markDone = (
  services: ErasureServices,
  handle: string,
  requestedAt: Date,
): SlotOperation<{ done: true }> => ({
  slotKey: handle,
  ...operationOf(services, handle, 'finishErasure', {}),
  apply: async (slot) => {
    const account = await slot.find('users', handle);
    if (account !== null) {
      const { revision } = account;
      const content = erasedUserContent(requestedAt, 'done');
      slot.put('users', { ...content, _id: handle, revision, deleted: true });
    }
    return { done: true };
  },
});
