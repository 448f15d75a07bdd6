import { catchUp, type ClusterRegistry, type SlotWriter } from '@marquee/slot-protocol';
import { createFakeNameNode, startTestDeployment, type TestDeployment } from '@marquee/test-kit';
import { slotOf } from '@marquee/topology';
import {
  changeFence,
  createTestWriter,
  increment,
  keyOf,
  slotAt,
  soon,
  stored,
} from './write-harness.ts';

jest.setTimeout(30_000);

let deployment: TestDeployment;
let writer: SlotWriter;
let clusters: ClusterRegistry;
let film: string;
let tests = 0;

beforeAll(async () => {
  deployment = await startTestDeployment({ a: ['shard-a', 'replica-a'] });
  ({ writer, clusters } = createTestWriter(deployment));
}, 60_000);

// A slot of its own for each test.
beforeEach(() => {
  film = keyOf(deployment, 'a', tests);
  tests += 1;
});

afterAll(async () => {
  await clusters.close();
  await deployment.close();
});

const withPushTo = (pushTo: string[]) =>
  changeFence(deployment, 'shard-a', slotOf(film), { pushTo });

it('is not acknowledged while an in-sync replica is down, nor is its repetition', async () => {
  await writer.write(increment(film));
  await deployment.clusters.stop('replica-a');
  const operation = increment(film);
  for (let i = 0; i < 2; i += 1) {
    await expect(writer.write(operation, { deadlineMs: 1_500 })).rejects.toMatchObject({
      code: 'WRITE_OUTCOME_UNKNOWN',
      retryable: true,
    });
  }
  await deployment.clusters.restart('replica-a');
  expect(await writer.write(operation)).toEqual({ count: 2 });
  expect(await stored(deployment, 'replica-a', film)).toMatchObject({ count: 2 });
  expect((await slotAt(deployment, 'replica-a', slotOf(film))).records).toHaveLength(2);
});

it('survives that the owner goes away and comes back', async () => {
  await writer.write(increment(film));
  await deployment.clusters.stop('shard-a');
  const written = writer.write(increment(film), { deadlineMs: 20_000 });
  await deployment.clusters.restart('shard-a');
  expect(await written).toEqual({ count: 2 });
});

it('goes to the new owner after a refusal, with the same operation id', async () => {
  const slot = slotOf(film);
  const operation = increment(film);
  await writer.write(operation);
  await changeFence(deployment, 'shard-a', slot, { state: 'follower', epoch: 2, pushTo: [] });
  await changeFence(deployment, 'replica-a', slot, {
    state: 'open',
    epoch: 2,
    pushTo: ['shard-a'],
  });
  const nameNode = createFakeNameNode(deployment.map);
  const other = createTestWriter(deployment, {}, nameNode);
  const [shard] = deployment.map.shards;
  nameNode.setMap({
    ...deployment.map,
    version: 2,
    shards: [
      {
        ...shard!,
        owner: 'replica-a',
        replicas: [{ cluster: 'shard-a', readable: true, promotable: true }],
      },
    ],
  });
  expect(await other.writer.write(increment(film))).toEqual({ count: 2 });
  expect(await other.writer.write(operation)).toEqual({ count: 1 });
  await other.clusters.close();
  expect(nameNode.calls.refresh).toBeGreaterThanOrEqual(1);
  expect((await stored(deployment, 'shard-a', film))?.version).toEqual({ epoch: 2, sequence: 2 });
});

it('is not acknowledged by an owner that is sealed, not even a repetition', async () => {
  const operation = increment(film);
  await writer.write(operation);
  await changeFence(deployment, 'shard-a', slotOf(film), { state: 'sealed' });
  await expect(writer.write(operation, { deadlineMs: 500 })).rejects.toMatchObject({
    code: 'WRITE_OUTCOME_UNKNOWN',
  });
  expect(deployment.nameNode.calls.refresh).toBeGreaterThan(0);
});

it.each([
  ['of another epoch', { epoch: 7 }],
  ['that is sealed', { state: 'sealed' }],
  ['that is being filled', { state: 'importing' }],
])('is not acknowledged with a replica %s', async (_, change) => {
  await changeFence(deployment, 'replica-a', slotOf(film), change);
  await expect(writer.write(increment(film), { deadlineMs: 500 })).rejects.toMatchObject({
    code: 'WRITE_OUTCOME_UNKNOWN',
  });
  expect(await stored(deployment, 'replica-a', film)).toBeNull();
});

it('closes a gap that others left before it', async () => {
  await withPushTo([]);
  for (let i = 0; i < 3; i += 1) await writer.write(increment(film));
  await writer.write(
    increment(film, {
      apply: async (slot) => {
        slot.put('user_interactions', { _id: `${film}:alice`, reaction: 'LIKE' });
        slot.put('movies', { _id: film, count: 9, deleted: true });
        return {};
      },
    }),
  );
  expect(await stored(deployment, 'replica-a', film)).toBeNull();
  await withPushTo(['replica-a']);
  expect(await writer.write(increment(film))).toEqual({ count: 10 });
  const owner = await slotAt(deployment, 'shard-a', slotOf(film));
  const replica = await slotAt(deployment, 'replica-a', slotOf(film));
  expect(replica.records).toEqual(owner.records);
  expect(replica.records).toHaveLength(5);
  expect(replica.fence.sequence).toBe(5);
  for (const [collection, id] of [
    ['movies', film],
    ['user_interactions', `${film}:alice`],
  ] as const) {
    const document = await stored(deployment, 'shard-a', id, collection);
    expect(document).not.toBeNull();
    expect(await stored(deployment, 'replica-a', id, collection)).toEqual(document);
  }
});

describe('catchUp', () => {
  const run = async (edit?: number) =>
    catchUp({
      slot: slotOf(film),
      source: await clusters.get('shard-a'),
      target: await clusters.get('replica-a'),
      deadline: soon(),
      ...(edit === undefined ? {} : { edit }),
    });
  const leaveBehind = async () => {
    await withPushTo([]);
    for (let i = 0; i < 3; i += 1) await writer.write(increment(film));
  };

  it('brings a follower to the state of its owner, once', async () => {
    await leaveBehind();
    expect(await run()).toBe('done');
    expect(await run()).toBe('done');
    expect(await stored(deployment, 'replica-a', film)).toEqual(
      await stored(deployment, 'shard-a', film),
    );
    expect((await slotAt(deployment, 'replica-a', slotOf(film))).fence.sequence).toBe(3);
  });

  it.each([
    ['a sealed cluster', { state: 'sealed' }],
    ['a cluster that is being filled', { state: 'importing' }],
  ])('leaves %s to the operation that has its edit', async (_, change) => {
    await leaveBehind();
    await changeFence(deployment, 'replica-a', slotOf(film), { ...change, edit: 5 });
    expect(await run()).toBe('changed');
    expect(await run(4)).toBe('changed');
    expect(await stored(deployment, 'replica-a', film)).toBeNull();
    expect(await run(5)).toBe('done');
    expect(await stored(deployment, 'replica-a', film)).toMatchObject({ count: 3 });
  });

  it('does nothing between clusters of different epochs', async () => {
    await leaveBehind();
    await changeFence(deployment, 'replica-a', slotOf(film), { epoch: 9 });
    expect(await run()).toBe('changed');
  });

  it('asks for a copy where the records have been purged', async () => {
    await leaveBehind();
    await changeFence(deployment, 'shard-a', slotOf(film), { purgedThrough: 2 });
    expect(await run()).toBe('copy');
  });
});

it('keeps deleted documents as tombstones in both clusters', async () => {
  await writer.write(
    increment(film, {
      apply: async (slot) => {
        slot.put('movies', { _id: film, title: 'x', deleted: true });
        return {};
      },
    }),
  );
  expect(await stored(deployment, 'replica-a', film)).toMatchObject({ deleted: true, title: 'x' });
});
