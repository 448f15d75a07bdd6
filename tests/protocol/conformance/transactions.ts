import type { ClusterTransaction, Deadline, Fence } from '@marquee/slot-protocol';
import { hasCode } from '@marquee/errors';
import { isClusterUnreachable, sleep, systemClock } from '@marquee/slot-protocol';
import type { DataClusterTarget } from './data-cluster-target.ts';
import { fence, film, record, soon } from './sample-data.ts';

/** What a transaction of a data cluster promises, whichever kind of cluster it is. */
export const transactionsConform = (open: () => Promise<DataClusterTarget>): void => {
  let target: DataClusterTarget;

  beforeAll(async () => {
    target = await open();
    await target.cluster.ensureIndexes(soon());
  }, 60_000);

  afterAll(() => target.close());

  let slot = 100;
  beforeEach(async () => {
    slot += 1;
    await target.cluster.createFences([fence(slot)], soon());
  });

  const run = <T>(work: (transaction: ClusterTransaction) => Promise<T>, deadline?: Deadline) =>
    target.cluster.transaction(work, deadline ?? soon());

  const fenceNow = async (): Promise<Fence | undefined> =>
    (await target.cluster.fences([slot], soon()))[0];

  const advance = (transaction: ClusterTransaction, by = 1) =>
    transaction.changeFence({ slot, match: {}, change: { advanceBy: by } });

  it('sees one snapshot, from its first statement on', async () => {
    const seen = await run(async (transaction) => {
      const before = await transaction.fences([slot]);
      await target.other.transaction((other) => advance(other), soon());
      return [...before, ...(await transaction.fences([slot]))].map(({ sequence }) => sequence);
    });
    expect(seen).toEqual([0, 0]);
    expect(await fenceNow()).toMatchObject({ sequence: 1 });
  });

  it('sees what it has written itself, before anybody else does', async () => {
    await run(async (transaction) => {
      await advance(transaction, 5);
      await transaction.replaceDocuments('movies', [film(`own${slot}`, { slot })]);
      await transaction.insertRecords([record(slot, 1)]);
      expect(await transaction.fences([slot])).toMatchObject([{ sequence: 5 }]);
      expect(await transaction.documents('movies', [`own${slot}`])).toHaveLength(1);
      expect(await transaction.records(slot, { after: 0, through: 9 })).toHaveLength(1);
      expect(await fenceNow()).toMatchObject({ sequence: 0 });
    });
    expect(await fenceNow()).toMatchObject({ sequence: 5 });
  });

  it('runs again when another one has changed the same fence, so that no change is lost', async () => {
    let runs = 0;
    await run(async (transaction) => {
      runs += 1;
      const [before] = await transaction.fences([slot]);
      if (runs === 1) await target.other.transaction((other) => advance(other, 10), soon());
      await advance(transaction);
      expect(before?.sequence).toBe(runs === 1 ? 0 : 10);
    });
    expect(runs).toBeGreaterThan(1);
    expect(await fenceNow()).toMatchObject({ sequence: 11 });
  });

  it('conflicts with a change of a fence even where its own leaves the fence as it is', async () => {
    const { edit } = (await fenceNow())!;
    let runs = 0;
    await run(async (transaction) => {
      runs += 1;
      await transaction.fences([slot]);
      if (runs === 1) await target.other.transaction((other) => advance(other), soon());
      await transaction.changeFence({ slot, match: {}, change: { edit } });
    });
    expect(runs).toBeGreaterThan(1);
    expect(await fenceNow()).toMatchObject({ sequence: 1 });
  });

  it('does not conflict with what it has only read', async () => {
    let runs = 0;
    await run(async (transaction) => {
      runs += 1;
      await transaction.fences([slot]);
      await target.other.transaction((other) => advance(other), soon());
      await transaction.replaceDocuments('movies', [film(`apart${slot}`)]);
    });
    expect(runs).toBe(1);
  });

  it('lets many change one fence at the same time, each once', async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        (index % 2 === 0 ? target.cluster : target.other).transaction(
          (transaction) => advance(transaction),
          soon(),
        ),
      ),
    );
    expect(await fenceNow()).toMatchObject({ sequence: 8 });
  });

  it('conflicts over documents and records as over fences', async () => {
    let runs = 0;
    await run(async (transaction) => {
      runs += 1;
      await transaction.fences([slot]);
      if (runs === 1) {
        await target.other.transaction(async (other) => {
          await other.replaceDocuments('movies', [film(`both${slot}`, { title: 'theirs' })]);
          await other.insertRecords([record(slot, 1, { operationId: 'theirs' })]);
        }, soon());
      }
      const known = await transaction.recordsOf([slot], ['theirs']);
      await transaction.replaceDocuments('movies', [film(`both${slot}`, { known: known.length })]);
    });
    expect(runs).toBeGreaterThan(1);
    const [stored] = await target.cluster.documents('movies', [`both${slot}`], {
      deadline: soon(),
    });
    expect(stored).toMatchObject({ known: 1 });
  });

  it('passes on what its work throws, and leaves nothing behind', async () => {
    const refusal = new Error('no');
    const work = run(async (transaction) => {
      await advance(transaction);
      await transaction.replaceDocuments('movies', [film(`none${slot}`)]);
      throw refusal;
    });
    await expect(work).rejects.toBe(refusal);
    expect(await fenceNow()).toMatchObject({ sequence: 0 });
    const found = await target.cluster.documents('movies', [`none${slot}`], { deadline: soon() });
    expect(found).toEqual([]);
  });

  it('takes no second record of an operation, nor of a number', async () => {
    await run((transaction) => transaction.insertRecords([record(slot, 1)]));
    const again = [
      record(slot, 2, { operationId: record(slot, 1).operationId }),
      record(slot, 1, { operationId: 'another' }),
    ];
    for (const twice of again) {
      const work = run(async (transaction) => {
        await advance(transaction);
        await transaction.insertRecords([twice]);
      });
      await expect(work).rejects.toThrow();
    }
    expect(await fenceNow()).toMatchObject({ sequence: 0 });
  });

  it('takes the same operation again under another number once its record is deleted', async () => {
    await run((transaction) => transaction.insertRecords([record(slot, 1)]));
    await run(async (transaction) => {
      await transaction.deleteRecordsOf(slot, [1]);
      const moved = { operationId: record(slot, 1).operationId };
      await transaction.insertRecords([record(slot, 7, moved)]);
    });
    const found = await run((transaction) =>
      transaction.recordsOf([slot], [record(slot, 1).operationId]),
    );
    expect(found.map(({ sequence }) => sequence)).toEqual([7]);
  });

  it('is committed once although the reply to its commit is lost', async () => {
    await target.loseNextCommitReply();
    await run((transaction) => advance(transaction));
    expect(await fenceNow()).toMatchObject({ sequence: 1 });
  });

  it('is not committed once its deadline has passed', async () => {
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const work = run(async (transaction) => {
      await advance(transaction);
      await held;
    }, soon().sooner(50));
    await expect(work).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    finish();
    // Another one that needs the same fence is no longer held up, and finds it as it was.
    const before = await target.other.transaction((other) => advance(other), soon());
    expect(before).toMatchObject({ sequence: 0 });
  });

  it('is gone with an election, or runs again after it, but never half', async () => {
    let runs = 0;
    const ended = await run(async (transaction) => {
      runs += 1;
      await advance(transaction);
      if (runs === 1) await target.elect();
      await transaction.insertRecords([record(slot, 1)]);
      return 'committed';
    }).catch((error: unknown) => {
      if (!isClusterUnreachable(error) && !hasCode(error, 'DEADLINE_EXCEEDED')) throw error;
      return 'gone';
    });
    const sequences = await onceReachable(() =>
      target.other.transaction(async (other) => {
        const records = await other.records(slot, { after: 0, through: 9 });
        return [(await other.fences([slot]))[0]?.sequence, records.length];
      }, soon()),
    );
    expect(sequences).toEqual(ended === 'committed' ? [1, 1] : [0, 0]);
  });
};

/** After an election there is no primary for a while. */
const onceReachable = async <T>(work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isClusterUnreachable(error)) throw error;
      await sleep(20, systemClock);
    }
  }
};
