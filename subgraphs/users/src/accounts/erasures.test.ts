import { createLogger } from '@marquee/service-kit';
import {
  erasedUserContent,
  interactionDocument,
  summaryDocument,
  userDocument,
} from '@marquee/subgraph-kit/documents';
import { createInMemoryShardRouter } from '@marquee/subgraph-kit/testing';
import { createErasures, settleMs } from './erasures.ts';

describe('erasures', () => {
  it('are not over while a write that was under way may still arrive', () => {
    const detectionTimesMs = [3_000, 15_000, 600_000];
    for (const detectionTimeMs of detectionTimesMs) {
      const writeDeadlineMs = 2 * detectionTimeMs + 5_000;
      expect(settleMs(writeDeadlineMs)).toBeGreaterThanOrEqual(writeDeadlineMs + 60_000);
    }
  });

  it('go on with the others when one fails', async () => {
    const router = createInMemoryShardRouter();
    const requestedAt = new Date(0);
    for (const handle of ['ada', 'bob']) {
      const account = userDocument({ handle, displayName: handle, joinedAt: requestedAt });
      const content = erasedUserContent(requestedAt, 'pending');
      router.load('users', [{ ...account, ...content, deleted: true }]);
      router.load('user_interactions', [
        interactionDocument({ movieId: handle, handle, reaction: 'LIKE', createdAt: requestedAt }),
        summaryDocument(handle, { likeCount: 1, dislikeCount: 0 }),
      ]);
    }
    const failing: typeof router = {
      ...router,
      writeMany: (operations) =>
        operations.some(({ slotKey }) => slotKey === 'ada')
          ? Promise.reject(new Error('a film whose shard is down'))
          : router.writeMany(operations),
    };
    const sweep = createErasures({ sweepEveryMs: 60_000, settleMs: 0 });
    const running = sweep.start({
      router: failing,
      logger: createLogger({ service: 'test', level: 'silent' }),
      now: () => 1,
    });
    sweep.wake();
    const stateOf = (handle: string) =>
      (router.stored('users', handle) as unknown as ReturnType<typeof erasedUserContent>).erasure
        ?.state;
    while (stateOf('bob') !== 'done') await new Promise(setImmediate);
    await running.close();
    expect([stateOf('ada'), stateOf('bob')]).toEqual(['pending', 'done']);
  });
});
