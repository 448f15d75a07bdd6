import { slotOf } from '@marquee/topology';
import { addFilm, filmsOf, OperationWorld } from '../../test/doubles/operation-world.ts';
import { foreseeLoss } from './foresee-loss.ts';
import { runPlan } from './operation-runner.ts';

const REASON = { by: 'ann', why: 'test' };
const PLAN = { kind: 'unclean-failover', shard: 'a', to: 'a2' } as const;

const newWorld = async () => {
  const world = new OperationWorld({ a: ['a0', 'a1', 'a2'], b: ['b0'] });
  await world.found();
  const { context } = await world.lead();
  const films = filmsOf(await world.directory(), 'a', 3);
  const setFence = (cluster: string, slot: number, change: object) => {
    const { fences } = world.at(cluster).contents;
    fences.set(slot, { ...fences.get(slot)!, ...change });
  };
  return { world, context, films, setFence };
};

describe('what an unclean failover loses', () => {
  it('is told slot by slot, by the furthest of the clusters that answer', async () => {
    const { world, context, films, setFence } = await newWorld();
    const writer = await world.writer();
    for (const id of films) await world.drive(writer.write(addFilm(id)));
    const [one = 0, two = 0] = films.map(slotOf);
    setFence('a1', one, { sequence: 5 });
    setFence('a0', one, { sequence: 7 });
    setFence('a2', two, { sequence: 0 });
    world.at('a0').down = true;
    expect(await world.drive(foreseeLoss(context, PLAN))).toEqual({
      slots: [
        {
          slot: one,
          target: { epoch: 1, sequence: 1 },
          known: { cluster: 'a1', epoch: 1, sequence: 5 },
        },
        {
          slot: two,
          target: { epoch: 1, sequence: 0 },
          known: { cluster: 'a1', epoch: 1, sequence: 1 },
        },
      ],
      operations: 5,
      silent: ['a0'],
    });
  });

  it('is nothing that is known where the cluster has all that the others have', async () => {
    const { world, context } = await newWorld();
    const loss = await world.drive(foreseeLoss(context, PLAN));
    expect(loss).toEqual({ slots: [], operations: 0, silent: [] });
  });

  it.each([
    ['importing', /holds 1 slots only in part: 5/],
    ['moved', /holds 1 slots only in part: 5/],
  ])('is everything in a slot that is %s: such a cluster is refused', async (state, message) => {
    const { world, context, setFence } = await newWorld();
    setFence('a2', 5, { state });
    const foreseen = world.drive(foreseeLoss(context, PLAN));
    await expect(foreseen).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(message),
    });
  });

  it('cannot be told of a cluster that does not answer', async () => {
    const { world, context } = await newWorld();
    world.at('a2').down = true;
    await expect(world.drive(foreseeLoss(context, PLAN))).rejects.toThrow(/a2 does not answer/);
  });
});

describe('an unclean failover', () => {
  it('to a cluster that is being filled is undone, whoever has ordered it', async () => {
    const { world, context, setFence } = await newWorld();
    setFence('a2', 5, { state: 'importing' });
    const nothing = () => undefined;
    const order = { id: 'op', plan: PLAN, reason: REASON, journal: nothing, checkpoint: nothing };
    const result = await world.drive(runPlan(context, order));
    expect(result).toMatchObject({ status: 'undone', why: 'a2 cannot be sealed' });
    expect((await world.directory()).shards[0]?.owner).toBe('a0');
    expect(world.at('a2').contents.fences.get(5)?.state).not.toBe('open');
  });
});
