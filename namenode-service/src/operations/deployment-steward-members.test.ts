import { ClusterUnreachable } from '@marquee/slot-protocol';
import { addFilm, DETECTION_TIME_MS, filmsOf } from '../../test/doubles/operation-world.ts';
import {
  entryOf,
  filmsAt,
  newDeployment,
  settled,
  until,
} from '../../test/doubles/led-deployment.ts';
import { inSyncClusters } from '../directory/directory-state.ts';

describe('a replica that dies', () => {
  it('leaves, so that writes go on without it, and joins again with everything', async () => {
    const deployment = await newDeployment();
    const { world, writer, set, shard } = deployment;
    const { die } = await deployment.lead('one');
    set('a1', 'suspect');
    await until(world, async () =>
      (await shard('a')).members.some(({ status }) => status === 'suspected'),
    );
    set('a1', 'down');
    await until(world, async () => inSyncClusters(await shard('a')).length === 2);
    const more = filmsOf(await world.directory(), 'a', 40);
    for (const id of more) await world.drive(writer.write(addFilm(id)).catch(() => undefined));
    set('a1', 'healthy');
    await settled(deployment);
    expect(filmsAt(world, 'a1')).toEqual(filmsAt(world, 'a0'));
    expect(filmsAt(world, 'a1').length).toBeGreaterThanOrEqual(40);
    await die();
  });

  it('is read again when it was only a moment away, and never left', async () => {
    const deployment = await newDeployment();
    const { world, set, kinds } = deployment;
    const { die } = await deployment.lead('one');
    set('a1', 'suspect');
    await until(world, async () => kinds().includes('replica-suspected'));
    set('a1', 'healthy');
    await until(world, async () => kinds().includes('replica-trusted'));
    await settled(deployment);
    expect(kinds()).not.toContain('replica-left');
    await die();
  });
});

describe('a replica that was given up', () => {
  it('joins again, also when it had left before', async () => {
    const deployment = await newDeployment();
    const { world, set, shard, kinds } = deployment;
    const { die, steward } = await deployment.lead('one');
    set('a1', 'down');
    await until(world, async () => inSyncClusters(await shard('a')).length === 2);
    steward.giveUp('a', 'a1');
    steward.giveUp('a', 'a2');
    set('a1', 'healthy');
    await until(world, async () => kinds().filter((kind) => kind === 'replica-left').length === 2);
    await settled(deployment);
    await die();
  });
});

describe('an owner that was given up as a replica, and made owner all the same', () => {
  it('is the owner, and its replicas go on joining', async () => {
    const deployment = await newDeployment();
    const { world, set, shard } = deployment;
    const { die, steward } = await deployment.lead('one');
    await settled(deployment);
    steward.order(entryOf({ kind: 'planned-failover', shard: 'a', to: 'a2' }));
    steward.giveUp('a', 'a2');
    await until(world, async () => (await shard('a')).owner === 'a2');
    set('a1', 'down');
    await until(world, async () => inSyncClusters(await shard('a')).length === 2);
    set('a1', 'healthy');
    await settled(deployment);
    expect((await shard('a')).owner).toBe('a2');
    await die();
  });
});

describe('an owner that dies', () => {
  it('is replaced after the read lease, comes back as a replica, and nothing is lost', async () => {
    const deployment = await newDeployment();
    const { world, films, writer, set, shard, kinds } = deployment;
    const { die } = await deployment.lead('one');
    await settled(deployment);
    set('a0', 'suspect');
    await until(world, async () => kinds().includes('owner-suspected'));
    set('a0', 'down');
    await until(world, async () => (await shard('a')).owner !== 'a0');
    const ids = filmsOf(await world.directory(), 'a', 20).filter((id) => !films.includes(id));
    for (const id of ids) await world.drive(writer.write(addFilm(id)).catch(() => undefined));
    set('a0', 'healthy');
    await settled(deployment);
    const { owner } = await shard('a');
    expect(filmsAt(world, 'a0')).toEqual(filmsAt(world, owner));
    expect(filmsAt(world, owner)).toEqual(expect.arrayContaining([...films, ...ids]));
    await die();
  });

  it('is settled again when its fences could not be changed and nobody can replace it', async () => {
    const deployment = await newDeployment();
    const { world, writer, set, shard } = deployment;
    const { die } = await deployment.lead('one');
    await settled(deployment);
    for (const replica of ['a1', 'a2']) set(replica, 'down');
    // The probes reach the owner, the transactions do not.
    const owner = world.at('a0');
    owner.onCall = () => {
      throw new ClusterUnreachable('a0');
    };
    await until(world, async () => (await shard('a')).reads.kind === 'strong-only');
    owner.onCall = () => undefined;
    await until(world, async () => (await shard('a')).reads.kind === 'leased');
    const [next = ''] = filmsOf(await world.directory(), 'a', 20).slice(10);
    await world.drive(writer.write(addFilm(next)));
    for (const replica of ['a1', 'a2']) set(replica, 'healthy');
    await settled(deployment);
    expect((await shard('a')).owner).toBe('a0');
    await die();
  });

  it('is replaced without a person once an hour only', async () => {
    const deployment = await newDeployment();
    const { world, set, shard, log } = deployment;
    const { die } = await deployment.lead('one');
    set('a0', 'down');
    await until(world, async () => (await shard('a')).owner !== 'a0');
    set('a0', 'healthy');
    await settled(deployment);
    const { owner: second } = await shard('a');
    set(second, 'down');
    await until(world, async () => log.error.length > 0);
    expect(log.error[0]).toMatchObject({ event: 'failover-held-back', shard: 'a' });
    expect((await shard('a')).owner).toBe(second);
    await die();
  });

  it('is not replaced while automation is paused', async () => {
    const deployment = await newDeployment();
    const { world, set, shard } = deployment;
    const { leader, die } = await deployment.lead('one');
    await leader.leadership.append({ kind: 'automation-paused' }, { by: 'ann', why: 'test' });
    set('a0', 'down');
    await world.clock.advance(DETECTION_TIME_MS * 5);
    expect((await shard('a')).owner).toBe('a0');
    await leader.leadership.append({ kind: 'automation-resumed' }, { by: 'ann', why: 'test' });
    await until(world, async () => (await shard('a')).owner !== 'a0');
    await die();
  });
});
