import type { ClusterRegistry, SlotOperation, SlotWriter } from '@marquee/slot-protocol';
import { newOperationId, startTestDeployment, type TestDeployment } from '@marquee/test-kit';
import { slotOf } from '@marquee/topology';
import { createTestWriter, increment, keyOf, slotAt, stored } from './write-harness.ts';

jest.setTimeout(30_000);

let deployment: TestDeployment;
let writer: SlotWriter;
let clusters: ClusterRegistry;

beforeAll(async () => {
  deployment = await startTestDeployment();
  ({ writer, clusters } = createTestWriter(deployment));
}, 60_000);

afterAll(async () => {
  await clusters.close();
  await deployment.close();
});

describe('an acknowledged write', () => {
  it('is in the owner and in the replica, under the same number', async () => {
    const id = keyOf(deployment, 'a', 0);
    const { operationId } = { operationId: newOperationId('alice') };
    expect(await writer.write(increment(id, { operationId }))).toEqual({ count: 1 });
    const owner = await stored(deployment, 'shard-a', id);
    expect(owner).toMatchObject({ count: 1, slot: slotOf(id), revision: 1, deleted: false });
    expect(owner?.version).toEqual({ epoch: 1, sequence: 1 });
    expect(await stored(deployment, 'replica-a', id)).toEqual(owner);

    const atOwner = await slotAt(deployment, 'shard-a', slotOf(id));
    const atReplica = await slotAt(deployment, 'replica-a', slotOf(id));
    expect(atOwner.records).toEqual(atReplica.records);
    expect(atOwner.records).toHaveLength(1);
    expect(atOwner.records[0]).toMatchObject({
      _id: { slot: slotOf(id), sequence: 1 },
      operationId,
      touched: [{ collection: 'movies', id }],
      result: { count: 1 },
    });
    expect(atReplica.fence).toMatchObject({ state: 'follower', sequence: 1 });
  });

  it('is in no cluster of another shard', async () => {
    const id = keyOf(deployment, 'b', 0);
    await writer.write(increment(id));
    expect(await stored(deployment, 'shard-b', id)).not.toBeNull();
    expect(await stored(deployment, 'shard-a', id)).toBeNull();
  });

  it('is done once however often it is sent, and answers the first result', async () => {
    const id = keyOf(deployment, 'a', 1);
    const operation = increment(id);
    const first = await writer.write(operation);
    await writer.write(increment(id));
    const again = await Promise.all([1, 2, 3].map(() => writer.write(operation)));
    expect(again).toEqual([first, first, first]);
    expect(await stored(deployment, 'replica-a', id)).toMatchObject({ count: 2 });
  });

  it('is done once when it is sent twice at the same moment', async () => {
    const id = keyOf(deployment, 'a', 2);
    const operation = increment(id);
    expect(await Promise.all([writer.write(operation), writer.write(operation)])).toEqual([
      { count: 1 },
      { count: 1 },
    ]);
  });

  it('refuses an operation id that was used for something else', async () => {
    const id = keyOf(deployment, 'a', 3);
    const operation = increment(id);
    await writer.write(operation);
    await expect(writer.write({ ...operation, requestHash: 'other' })).rejects.toMatchObject({
      code: 'OPERATION_ID_REUSED',
    });
    expect(await stored(deployment, 'shard-a', id)).toMatchObject({ count: 1 });
  });

  it('takes a number even if it changes nothing', async () => {
    const id = keyOf(deployment, 'a', 4);
    await writer.write(increment(id, { apply: async () => ({ nothing: true }) }));
    const { fence, records } = await slotAt(deployment, 'replica-a', slotOf(id));
    expect(fence.sequence).toBe(1);
    expect(records).toHaveLength(1);
  });
});

describe('many writers of one slot', () => {
  it('lose no update within a process, and leave no gap in the log', async () => {
    const id = keyOf(deployment, 'b', 1);
    const results = await Promise.all(
      Array.from({ length: 100 }, () => writer.write(increment(id))),
    );
    const counts = results.map(({ count }) => count as number).sort((a, b) => a - b);
    expect(counts).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    const owner = await slotAt(deployment, 'shard-b', slotOf(id));
    expect(
      owner.records.map(({ _id }) => (_id as unknown as { sequence: number }).sequence),
    ).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect((await slotAt(deployment, 'replica-b', slotOf(id))).records).toEqual(owner.records);
  });

  it('lose no update between processes', async () => {
    const id = keyOf(deployment, 'b', 2);
    const other = createTestWriter(deployment);
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        (i % 2 === 0 ? writer : other.writer).write(increment(id)),
      ),
    );
    await other.clusters.close();
    expect(await stored(deployment, 'shard-b', id)).toMatchObject({ count: 60 });
    expect(await stored(deployment, 'replica-b', id)).toMatchObject({ count: 60 });
    const owner = await slotAt(deployment, 'shard-b', slotOf(id));
    expect(owner.records).toHaveLength(60);
    expect((await slotAt(deployment, 'replica-b', slotOf(id))).records).toEqual(owner.records);
  });

  it('see what the operations before them in the same batch did', async () => {
    const id = keyOf(deployment, 'b', 3);
    const [first, second] = await Promise.all([
      writer.write(increment(id)),
      writer.write(increment(id)),
    ]);
    expect([first, second]).toEqual([{ count: 1 }, { count: 2 }]);
  });
});

describe('an operation that is refused', () => {
  const refusing = (id: string): SlotOperation =>
    increment(id, {
      apply: async (slot) => {
        slot.put('movies', { _id: id, count: 1_000 });
        throw Object.assign(new Error('no'), { code: 'VERSION_CONFLICT' });
      },
    });

  it('leaves nothing behind, and the others of its batch are done', async () => {
    const id = keyOf(deployment, 'a', 5);
    const [before, refused, after] = await Promise.allSettled([
      writer.write(increment(id)),
      writer.write(refusing(id)),
      writer.write(increment(id)),
    ]);
    expect(before).toMatchObject({ status: 'fulfilled', value: { count: 1 } });
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'VERSION_CONFLICT' } });
    expect(after).toMatchObject({ status: 'fulfilled', value: { count: 2 } });
    const { fence, records } = await slotAt(deployment, 'replica-a', slotOf(id));
    expect(fence.sequence).toBe(2);
    expect(records).toHaveLength(2);
  });

  it('changes nothing when it is alone', async () => {
    const id = keyOf(deployment, 'a', 6);
    await expect(writer.write(refusing(id))).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    expect(await stored(deployment, 'shard-a', id)).toBeNull();
    expect((await slotAt(deployment, 'shard-a', slotOf(id))).fence.sequence).toBe(0);
  });

  it.each([
    [
      'a document over the limit',
      (id: string) => ({ _id: id, plot: 'x'.repeat(17 * 1024 * 1024) }),
      { code: 'DOCUMENT_TOO_LARGE' },
    ],
    ['a document of another slot', () => ({ _id: 'of-another-slot' }), { name: 'TypeError' }],
    ['a key over the limit', () => ({ _id: 'x'.repeat(513) }), { code: 'KEY_INVALID' }],
  ])('%s', async (_, documentOf, error) => {
    const id = keyOf(deployment, 'a', 7);
    const operation = increment(id, {
      apply: async (slot) => {
        slot.put('movies', documentOf(id));
        return {};
      },
    });
    await expect(writer.write(operation)).rejects.toMatchObject(error);
    expect((await slotAt(deployment, 'shard-a', slotOf(id))).fence.sequence).toBe(0);
  });

  it.each(['no-uuid', 'alice/4bf92f35-77b3-4da6-a3ce-929d0e0e4736', `${'x'.repeat(300)}/`])(
    'has the operation id %s, which is no scoped UUIDv7',
    async (operationId) => {
      await expect(writer.write(increment('x', { operationId }))).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        facts: { argument: 'operationId' },
      });
    },
  );

  it('has an id older than the records that could know it', async () => {
    const id = keyOf(deployment, 'a', 8);
    const old = increment(id, { operationId: newOperationId('test', 1_000) });
    await deployment
      .mongo('shard-a')
      .db('marquee_slots')
      .collection<{ _id: number }>('fences')
      .updateOne(
        { _id: slotOf(id) },
        { $set: { refuseIdsBefore: '018f0000-0000-7000-8000-000000000000' } },
      );
    await expect(writer.write(old)).rejects.toMatchObject({ code: 'OPERATION_ID_EXPIRED' });
    await expect(writer.write(increment(id))).resolves.toEqual({ count: 1 });
  });
});

describe('writeMany', () => {
  it('writes many slots of both shards, and each operation has its outcome', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => `bulk-${i}`);
    const refused = increment('bulk-refused', {
      apply: () => Promise.reject(new Error('no')),
    });
    const outcomes = await writer.writeMany([...ids.map((id) => increment(id)), refused]);
    expect(outcomes.slice(0, -1)).toEqual(ids.map(() => ({ result: { count: 1 } })));
    expect(outcomes.at(-1)).toMatchObject({ refusal: { message: 'no' } });
    for (const shard of ['a', 'b']) {
      const [owner, replica] = await Promise.all(
        [`shard-${shard}`, `replica-${shard}`].map((cluster) =>
          deployment
            .mongo(cluster)
            .db('marquee')
            .collection('movies')
            .find({ _id: { $in: ids as never[] } })
            .sort({ _id: 1 })
            .toArray(),
        ),
      );
      expect(owner!.length).toBeGreaterThan(50);
      expect(replica).toEqual(owner);
    }
  });

  it('answers the first results when the same operations are sent again', async () => {
    const operations = Array.from({ length: 40 }, (_, i) => increment(`again-${i % 20}`));
    const first = await writer.writeMany(operations);
    expect(await writer.writeMany(operations)).toEqual(first);
    expect(
      first.filter((outcome) => 'result' in outcome && outcome.result.count === 2),
    ).toHaveLength(20);
  });

  it('goes together with single writes of the same slots', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `mixed-${i}`);
    await Promise.all([
      writer.writeMany(ids.map((id) => increment(id))),
      ...ids.map((id) => writer.write(increment(id))),
      writer.writeMany(ids.map((id) => increment(id))),
    ]);
    const again = await writer.writeMany(ids.map((id) => increment(id)));
    expect(again).toEqual(ids.map(() => ({ result: { count: 4 } })));
  });
});
