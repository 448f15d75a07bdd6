import {
  addFilm,
  filmsOf,
  OperationWorld,
  type Instance,
} from '../../test/doubles/operation-world.ts';
import { compareShard } from './compare-shard.ts';

const start = async () => {
  const world = new OperationWorld({ a: ['a0', 'a1'], b: ['b0'] });
  await world.found();
  const instance = await world.lead();
  const films = filmsOf(await world.directory(), 'a', 3);
  const writer = await world.writer();
  await world.drive(Promise.all(films.map((id) => writer.write(addFilm(id)))));
  return { world, instance };
};

const compare = (world: OperationWorld, { context }: Instance) =>
  world.drive(compareShard(context, 'a'));

const change = (world: OperationWorld, cluster: string, fields: object): void => {
  const { fences } = world.at(cluster).contents;
  const [slot, fence] = [...fences].find(
    ([, { state, sequence }]) => state !== 'moved' && sequence > 0,
  )!;
  fences.set(slot, { ...fence, ...fields });
};

describe('a comparison', () => {
  it('of a shard at rest finds nothing, and has no fence sent', async () => {
    const { world, instance } = await start();
    const sent = ['a0', 'a1'].map((name) => jest.spyOn(world.at(name), 'fences'));
    const digests = jest.spyOn(world.at('a0'), 'fenceDigest');
    digests.mockClear();
    const found = await compare(world, instance);
    expect(found).toMatchObject({ isUnsettled: false, lost: [], ownerIsRestored: false });
    expect(found?.lag).toEqual(new Map([['a1', 0]]));
    // The double adds up what it would send; a real cluster sends only the sums.
    for (const fences of sent)
      expect(fences.mock.calls.every(([slots]) => slots === 'all')).toBe(true);
    expect(digests).toHaveBeenCalledTimes(1);
    await instance.kill();
  });

  it('catches up what a replica lacks', async () => {
    const { world, instance } = await start();
    change(world, 'a1', { sequence: 0 });
    world.at('a1').contents.records.clear();
    const found = await compare(world, instance);
    expect(found?.lag).toEqual(new Map([['a1', 1]]));
    expect((await compare(world, instance))?.lag).toEqual(new Map([['a1', 0]]));
    await instance.kill();
  });

  it.each([
    ['a replica of another epoch', 'a1', { epoch: 77 }],
    ['a sealed replica', 'a1', { state: 'sealed' }],
    ['an owner that pushes to nobody', 'a0', { pushTo: [] }],
    ['a sealed owner', 'a0', { state: 'sealed' }],
  ])('calls %s unsettled', async (_what, cluster, fields) => {
    const { world, instance } = await start();
    change(world, cluster, fields);
    expect((await compare(world, instance))?.isUnsettled).toBe(true);
    await instance.kill();
  });

  it('finds an owner that knows less than its replica', async () => {
    const { world, instance } = await start();
    change(world, 'a1', { sequence: 99 });
    expect((await compare(world, instance))?.ownerIsRestored).toBe(true);
    await instance.kill();
  });

  it('does not know the lag of a replica that does not answer', async () => {
    const { world, instance } = await start();
    world.at('a1').down = true;
    expect((await compare(world, instance))?.lag).toEqual(new Map([['a1', null]]));
    await instance.kill();
  });
});
