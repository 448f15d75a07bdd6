import type { StoredDocument } from '@marquee/slot-protocol';
import { OperationWorld } from '../../test/doubles/operation-world.ts';
import { runPlan } from '../operations/operation-runner.ts';
import { admitCluster } from './admit-cluster.ts';

const REASON = { by: 'ann', why: 'test' };

const newWorld = async () => {
  const world = new OperationWorld({ a: ['a0', 'a1'], b: ['b0'] });
  await world.found();
  const { context, leadership } = await world.lead();
  const stamps = {
    read: () => Promise.resolve(null),
    claim: (_cluster: string, stamp: { deployment: string; cluster: string }) =>
      Promise.resolve({ ...stamp, heartbeat: 0 }),
    beat: () => Promise.resolve(null),
  };
  const tools = { stamps, cluster: context.cluster, clock: world.clock };
  const add = async (cluster: string) => {
    const { wasMember } = await world.drive(admitCluster(tools, await world.directory(), cluster));
    const before = wasMember ? { wasMember } : {};
    await leadership.append({ kind: 'cluster-added', shard: 'a', cluster, ...before }, REASON);
    const plan = { kind: 'join', shard: 'a', cluster } as const;
    const nothing = () => undefined;
    const order = { id: `join ${cluster}`, plan, reason: REASON };
    return world.drive(runPlan(context, { ...order, journal: nothing, checkpoint: nothing }));
  };
  return { world, leadership, add };
};

const film: StoredDocument = {
  _id: 'lost',
  slot: 3,
  version: { epoch: 1, sequence: 1 },
  revision: 1,
  deleted: false,
};

describe('a cluster that is added', () => {
  it('has what only it holds kept, where it was a member before', async () => {
    const { world, leadership, add } = await newWorld();
    for (const kind of ['replica-left', 'cluster-removed'] as const) {
      await leadership.append({ kind, shard: 'a', cluster: 'a1' }, REASON);
    }
    const { contents } = world.at('a1');
    contents.documents.get('movies')?.set(film._id, film);
    expect(await add('a1')).toMatchObject({ status: 'completed' });
    expect(contents.documents.get('movies')?.size).toBe(0);
    expect([...contents.rejected.values()]).toMatchObject([
      { collection: 'movies', document: film },
    ]);
  });

  it('has nothing kept where it never was one', async () => {
    const { world, add } = await newWorld();
    const { contents } = world.add('new');
    contents.documents.get('movies')?.set(film._id, film);
    expect(await add('new')).toMatchObject({ status: 'completed' });
    expect(contents.documents.get('movies')?.size).toBe(0);
    expect(contents.rejected.size).toBe(0);
  });
});
