import {
  createClusterRegistry,
  SlotWriter,
  systemClock,
  WRITE_LIMITS,
  type SlotOperation,
} from '@marquee/slot-protocol';
import { newOperationId } from '@marquee/test-kit';
import { slotOf } from '@marquee/topology';
import { MongoClient } from 'mongodb';
import { PURGE_LIMITS } from '../src/operations/purge-sweep.ts';
import { ready, startDeployment, startNameNode, until } from './name-node-harness.ts';

// Clusters are started before the test.
jest.setTimeout(120_000);

const LONG_AGO_MS = Date.now() - 30 * 24 * 60 * 60_000;

it('the NameNode that leads makes slots forget what is older than a week, on every cluster', async () => {
  const deployment = await startDeployment(['a'], 1);
  const purgeLimits = { ...PURGE_LIMITS, firstAfterMs: 0, intervalMs: 50, slotPauseMs: 0 };
  const node = await startNameNode(deployment.addresses, { purgeLimits });
  const clusters = createClusterRegistry({
    addresses: () => Promise.resolve(deployment.addresses),
    random: Math.random,
  });
  const mongo = ['owner-a', 'replica-a-0'].map(
    (name) => new MongoClient(deployment.clusters.uriOf(name)),
  );
  try {
    await ready(node);
    const writer = new SlotWriter({
      clusters,
      owners: {
        ownerOf: () => 'owner-a',
        version: () => 1,
        onChange: () => undefined,
        refresh: () => Promise.resolve(),
      },
      by: 'test',
      clock: systemClock,
      random: Math.random,
      logger: { debug: () => undefined, info: () => undefined, warn: () => undefined },
      limits: WRITE_LIMITS,
    });
    const write = (atMs: number, apply: SlotOperation['apply']) =>
      writer.write({
        slotKey: 'film',
        operationId: newOperationId('ada', atMs),
        requestHash: 'x',
        apply,
      });
    await write(LONG_AGO_MS, async (slot) => {
      slot.put('movies', { _id: 'film', deleted: true });
      return {};
    });
    await write(Date.now(), async () => ({}));
    for (const client of mongo) {
      const films = client.db('marquee').collection<{ _id: string }>('movies');
      const records = client.db('marquee_slots').collection('records');
      await until(async () => (await films.countDocuments({ _id: 'film' })) === 0);
      // Of the operation that is not old, and of the purge.
      expect(await records.countDocuments({ slot: slotOf('film') })).toBe(2);
      expect(await records.countDocuments({})).toBe(2);
    }
  } finally {
    await Promise.all(mongo.map((client) => client.close()));
    await clusters.close();
    await node.stop();
    await deployment.stop();
  }
});
