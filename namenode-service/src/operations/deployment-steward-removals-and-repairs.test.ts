import { ClusterUnreachable } from '@marquee/slot-protocol';
import { slotOf } from '@marquee/topology';
import { addFilm, filmsOf } from '../../test/doubles/operation-world.ts';
import {
  entryOf,
  newDeployment,
  settled,
  until,
  type Deployment,
} from '../../test/doubles/led-deployment.ts';

describe('a replica that is removed', () => {
  const plan = { kind: 'remove-cluster', shard: 'a', cluster: 'a1' } as const;
  const membersOf = async ({ shard }: Deployment) =>
    (await shard('a')).members.map(({ cluster }) => cluster);

  it('stays a learner while the owner cannot be told that it is gone', async () => {
    const deployment = await newDeployment();
    const { world, store, writer } = deployment;
    const { steward, die } = await deployment.lead('one');
    await settled(deployment);
    world.at('a0').onCall = () => {
      throw new ClusterUnreachable('a0');
    };
    const entry = entryOf(plan);
    await store.insert(entry);
    steward.order(entry);
    await until(world, async () => store.entries.get('ordered')?.endedAtMs !== null);
    expect(store.entries.get('ordered')).toMatchObject({
      status: 'undone',
      outcome: expect.stringContaining('a0'),
    });
    expect(await membersOf(deployment)).toContain('a1');
    world.at('a0').onCall = () => undefined;
    const again = entryOf(plan, 'again');
    await store.insert(again);
    steward.order(again);
    await until(world, async () => store.entries.get('again')?.endedAtMs !== null);
    expect(await membersOf(deployment)).toEqual(['a0', 'a2']);
    world.at('a1').down = true;
    const [next = ''] = filmsOf(await world.directory(), 'a', 20).slice(10);
    await world.drive(writer.write(addFilm(next)));
    await settled(deployment);
    await die();
  });

  it('is removed by the next leader if the first one dies on the way', async () => {
    const deployment = await newDeployment();
    const { world, store, kinds } = deployment;
    await store.insert(entryOf(plan));
    const first = await deployment.lead('one');
    world.onStep = (what) => {
      if (what === 'append replica-left') first.leader.leadership.stepDown();
    };
    await until(world, async () => kinds().includes('replica-left'));
    await first.die();
    expect(await membersOf(deployment)).toContain('a1');
    const { die } = await deployment.lead('two');
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    expect(await membersOf(deployment)).toEqual(['a0', 'a2']);
    await settled(deployment);
    await die();
  });
});

describe('an ordered repair', () => {
  it('goes on under the next leader, and its entry tells of every change', async () => {
    const deployment = await newDeployment();
    const { world, store, films } = deployment;
    const [one = '', two = '', three = ''] = films;
    for (const id of [one, two, three]) {
      const movies = world.at('a1').contents.documents.get('movies')!;
      movies.set(id, { ...movies.get(id)!, title: 'Another' });
    }
    await store.insert(entryOf({ kind: 'repair' }));
    const first = await deployment.lead('one');
    const { addToReport } = store;
    store.addToReport = async (id, repair) => {
      first.leader.leadership.stepDown();
      return addToReport.call(store, id, repair);
    };
    await until(world, async () => (store.entries.get('ordered')?.report?.length ?? 0) > 0);
    await first.die();
    expect(store.entries.get('ordered')?.status).toBe('running');
    expect(world.at('a1').contents.rejected.size).toBe(1);
    const { die } = await deployment.lead('two');
    await until(world, async () => store.entries.get('ordered')?.status === 'completed');
    const { report = [] } = store.entries.get('ordered')!;
    expect(report.map(({ finding, isMended }) => ({ ...finding, isMended }))).toEqual(
      expect.arrayContaining(
        [one, two, three].map((id) => ({
          kind: 'diverged',
          cluster: 'a1',
          shard: 'a',
          slot: slotOf(id),
          isMended: true,
        })),
      ),
    );
    const kept = [...world.at('a1').contents.rejected.values()].map(({ document }) => document);
    expect(kept.map(({ title }) => title)).toEqual(['Another', 'Another', 'Another']);
    await settled(deployment);
    await die();
  });
});
