import { randomUUID } from 'node:crypto';
import { createLogger } from '@marquee/service-kit';
import type { SlotOperation } from '@marquee/slot-protocol';
import { newOperationId } from '@marquee/test-kit';
import { slotOf } from '@marquee/topology';
import { filmsOf, findFaults, OperationWorld } from '../../test/doubles/operation-world.ts';
import { PURGE_LIMITS, PurgeSweep } from './purge-sweep.ts';

const KEPT_MS = 500_000;
const LIMITS = { ...PURGE_LIMITS, keptMs: KEPT_MS, slotPauseMs: 0, firstAfterMs: 0 };

const film = (id: string, atMs: number, deleted: boolean): SlotOperation => ({
  slotKey: id,
  operationId: newOperationId('ada', atMs),
  requestHash: id,
  apply: async (slot) => {
    slot.put('movies', { _id: id, deleted });
    return { id };
  },
});

/** Two films in two slots of each shard, of which the first has been deleted long ago. */
const newDeployment = async () => {
  const world = new OperationWorld({ a: ['a0', 'a1'], b: ['b0', 'b1'] });
  await world.found();
  const leader = await world.lead();
  const writer = await world.writer();
  const directory = await world.directory();
  const films = ['a', 'b'].map((shard) => filmsOf(directory, shard, 2));
  const longAgoMs = world.clock.now() - 2 * KEPT_MS;
  for (const [gone, there] of films as [string, string][]) {
    await world.drive(writer.write(film(gone, longAgoMs, false)));
    await world.drive(writer.write(film(gone, longAgoMs + 1, true)));
    await world.drive(writer.write(film(gone, world.clock.now(), true)));
    await world.drive(writer.write(film(there, world.clock.now(), false)));
  }
  const at = (name: string, id: string) => {
    const { contents } = world.at(name);
    return {
      film: contents.documents.get('movies')?.get(id),
      records: contents.records.get(slotOf(id))?.length ?? 0,
      fence: contents.fences.get(slotOf(id)),
    };
  };
  const sweepBy = (now = () => world.clock.now()) =>
    new PurgeSweep({
      context: {
        ...leader.context,
        clock: {
          now,
          monotonicNow: () => world.clock.monotonicNow(),
          setTimer: (callback, delayMs) => world.clock.setTimer(callback, delayMs),
        },
      },
      writer,
      randomId: randomUUID,
      logger: createLogger({ service: 'test', level: 'silent' }),
      limits: LIMITS,
    });
  return { world, leader, writer, films: films as [string, string][], at, sweepBy };
};

describe('a sweep of purges', () => {
  it('forgets what is old at every cluster, and touches no slot without', async () => {
    const { world, films, at, sweepBy } = await newDeployment();
    const report = await world.drive(sweepBy().sweep());
    expect(report.records).toBe(4);
    for (const [index, [gone, there]] of films.entries()) {
      for (const cluster of index === 0 ? ['a0', 'a1'] : ['b0', 'b1']) {
        expect(at(cluster, gone).records).toBe(2);
        expect(at(cluster, gone).fence).toMatchObject({ sequence: 4, purgedThrough: 2 });
        expect(at(cluster, there).fence).toMatchObject({ sequence: 1, purgedThrough: 0 });
      }
    }
    const sequences = [...world.at('a0').contents.fences.values()].map((each) => each.sequence);
    expect(sequences.reduce((sum, each) => sum + each)).toBe(5);
    expect(findFaults(world, await world.directory())).toEqual([]);
    expect(await world.drive(sweepBy().sweep())).toEqual({ records: 0, documents: 0 });
  });

  it('removes what was deleted and not touched since', async () => {
    const { world, writer, films, at, sweepBy } = await newDeployment();
    const others = films.flat().map(slotOf);
    const some = filmsOf(await world.directory(), 'a', 3);
    const gone = some.find((id) => !others.includes(slotOf(id)))!;
    const longAgoMs = world.clock.now() - 2 * KEPT_MS;
    await world.drive(writer.write(film(gone, longAgoMs, true)));
    const other: SlotOperation = {
      ...film(gone, world.clock.now(), true),
      apply: async () => ({ nothing: true }),
    };
    await world.drive(writer.write(other));
    expect((await world.drive(sweepBy().sweep())).documents).toBe(1);
    for (const cluster of ['a0', 'a1']) expect(at(cluster, gone).film).toBeUndefined();
  });

  it('by a clock that is a year ahead refuses nothing that anybody is about to do', async () => {
    const { world, writer, films, sweepBy } = await newDeployment();
    const ahead = () => world.clock.now() + 365 * 86_400_000;
    await world.drive(sweepBy(ahead).sweep());
    await world.drive(sweepBy(ahead).sweep());
    for (const id of films.flat()) {
      const again = writer.write(film(id, world.clock.now() + 1, false));
      expect(await world.drive(again)).toEqual({ id });
    }
  });

  it('leaves a shard in peace that is not well, and people who want peace', async () => {
    const { world, leader, films, at, sweepBy } = await newDeployment();
    world.at('a0').down = true;
    expect((await world.drive(sweepBy().sweep())).records).toBe(2);
    world.at('a0').down = false;
    const reason = { by: 'test', why: 'test' };
    await world.drive(leader.leadership.append({ kind: 'automation-paused' }, reason));
    expect((await world.drive(sweepBy().sweep())).records).toBe(0);
    expect(at('a0', films[0]![0]).fence).toMatchObject({ purgedThrough: 0 });
    await world.drive(leader.leadership.append({ kind: 'automation-resumed' }, reason));
    expect((await world.drive(sweepBy().sweep())).records).toBe(2);
  });

  it('ends with the term', async () => {
    const { world, leader, sweepBy } = await newDeployment();
    const running = sweepBy().run();
    leader.leadership.stepDown();
    await world.drive(running);
    await leader.kill();
  });
});
