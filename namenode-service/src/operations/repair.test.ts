import type { StoredDocument } from '@marquee/slot-protocol';
import { newOperationId } from '@marquee/test-kit';
import { slotOf, type CollectionName } from '@marquee/topology';
import {
  addFilm,
  filmsOf,
  findFaults,
  OperationWorld,
} from '../../test/doubles/operation-world.ts';
import type { Change } from '../directory/edit.ts';
import { checkDeployment } from './check-deployment.ts';
import { CLEAR_AFTER_MS, clearableLeftovers, clearLeftover } from './clear-leftovers.ts';
import { repairDeployment, type Repair } from './repair.ts';
import { ShardLocks } from './shard-locks.ts';

const REASON = { by: 'ann', why: 'test' };

const newWorld = async () => {
  const world = new OperationWorld({ a: ['a0', 'a1'], b: ['b0'] });
  await world.found();
  const writer = await world.writer();
  const films = filmsOf(await world.directory(), 'a', 5);
  for (const id of films) await world.drive(writer.write(addFilm(id)));
  const { context, leadership } = await world.lead();
  const tools = {
    context,
    locks: new ShardLocks(),
    mayTouch: () => true,
    write: writer.write.bind(writer),
    newUuid: newOperationId,
  };
  const repair = async (isCancelled = () => false) => {
    const report: Repair[] = [];
    const counts = await world.drive(
      repairDeployment(tools, {
        reason: REASON,
        journal: () => undefined,
        isCancelled,
        report: async (each) => void report.push(each),
      }),
    );
    const actions = report.map(({ finding, action, isMended }) => ({
      kind: finding.kind,
      cluster: finding.cluster,
      isMended,
      action,
    }));
    return { ...counts, actions };
  };
  const check = async () => (await world.drive(checkDeployment(context))).findings;
  return { world, films, context, leadership, repair, check };
};

/** Writes a document behind the protocol's back. */
const plant = (
  world: OperationWorld,
  cluster: string,
  collection: CollectionName,
  document: { _id: string; [field: string]: unknown },
): StoredDocument => {
  const stored: StoredDocument = {
    slot: slotOf(document._id.split(':')[0] ?? ''),
    version: { epoch: 1, sequence: 1 },
    revision: 1,
    deleted: false,
    ...document,
  };
  world.at(cluster).contents.documents.get(collection)?.set(document._id, stored);
  return stored;
};

const rejectedAt = (world: OperationWorld, cluster: string) =>
  [...world.at(cluster).contents.rejected.values()].map(({ document }) => document);

describe('a repair', () => {
  it('does nothing where nothing is wrong', async () => {
    const { repair } = await newWorld();
    expect(await repair()).toEqual({ mended: 0, left: 0, isCancelled: false, actions: [] });
  });

  it('gives a replica its owner’s copy, and keeps what that replaces', async () => {
    const { world, films, check, repair } = await newWorld();
    const [film = '', missing = ''] = films;
    const other = plant(world, 'a1', 'movies', { _id: film, title: 'Another' });
    world.at('a1').contents.documents.get('movies')?.delete(missing);
    const { actions, mended } = await repair();
    expect(mended).toBe(2);
    expect(actions.map(({ action }) => action).sort()).toEqual([
      "took the owner's copy: 1 written, 0 kept as rejected",
      "took the owner's copy: 1 written, 1 kept as rejected",
    ]);
    expect(rejectedAt(world, 'a1')).toEqual([other]);
    expect(findFaults(world, await world.directory())).toEqual([]);
    expect(await check()).toEqual([]);
  });

  it('keeps orphaned data before it removes it, at once', async () => {
    const { world, films, check, repair } = await newWorld();
    const orphan = plant(world, 'b0', 'movies', { _id: films[0] ?? '' });
    const { actions } = await repair();
    expect(actions).toEqual([
      {
        kind: 'orphaned',
        cluster: 'b0',
        isMended: true,
        action: '1 documents and records kept as rejected, and removed',
      },
    ]);
    expect(rejectedAt(world, 'b0')).toEqual([orphan]);
    expect(world.at('b0').contents.documents.get('movies')?.size).toBe(0);
    expect((await world.directory()).leftovers).toEqual([]);
    expect(await check()).toEqual([]);
  });

  it('moves what lies under a slot that is not its own, or under none, aside', async () => {
    const { world, films, check, repair } = await newWorld();
    const slot = slotOf(films[0] ?? '');
    const misplaced = ['a0', 'a1'].map((name) => plant(world, name, 'users', { _id: 'ann', slot }));
    const unslotted = plant(world, 'b0', 'person', { _id: 'bob', slot: 'three' });
    const { mended } = await repair();
    expect(mended).toBe(3);
    expect(rejectedAt(world, 'a0')).toEqual(misplaced.slice(0, 1));
    expect(rejectedAt(world, 'a1')).toEqual(misplaced.slice(1));
    expect(rejectedAt(world, 'b0')).toEqual([unslotted]);
    expect(await check()).toEqual([]);
  });

  it('counts anew by an operation of the slot that has a number, at the owner and its replica', async () => {
    const { world, films, check, repair } = await newWorld();
    const [film = ''] = films;
    for (const cluster of ['a0', 'a1']) {
      const common = { kind: 'interaction', movieId: film };
      plant(world, cluster, 'user_interactions', {
        _id: `${film}:ann`,
        ...common,
        handle: 'ann',
        reaction: 'LIKE',
      });
      plant(world, cluster, 'user_interactions', {
        _id: film,
        kind: 'summary',
        movieId: film,
        likeCount: 7,
        dislikeCount: 1,
        hidden: true,
      });
    }
    const { actions } = await repair();
    expect(actions[0]).toMatchObject({ action: 'counted anew: 1 likes, 0 dislikes' });
    for (const cluster of ['a0', 'a1']) {
      const { documents, fences } = world.at(cluster).contents;
      expect(documents.get('user_interactions')?.get(film)).toMatchObject({
        likeCount: 1,
        dislikeCount: 0,
        hidden: true,
        revision: 2,
        version: { sequence: 2 },
      });
      expect(fences.get(slotOf(film))?.sequence).toBe(2);
    }
    expect(await check()).toEqual([]);
  });

  it('makes the fences what the directory says, and closes a second owner', async () => {
    const { world, check, repair } = await newWorld();
    const set = (cluster: string, slot: number, change: object) => {
      const { fences } = world.at(cluster).contents;
      fences.set(slot, { ...fences.get(slot)!, ...change });
    };
    set('a0', 3, { pushTo: [] });
    set('a1', 4, { state: 'sealed' });
    set('b0', 7, { state: 'open' });
    expect(await repair()).toMatchObject({ mended: 3, left: 0 });
    expect(findFaults(world, await world.directory())).toEqual([]);
    expect(await check()).toEqual([]);
  });

  it('leaves a second owner alone that knows more than the directory', async () => {
    const { world, repair } = await newWorld();
    const { fences } = world.at('b0').contents;
    fences.set(7, { ...fences.get(7)!, state: 'open', epoch: 2 });
    expect(await repair()).toMatchObject({ mended: 0, left: 1 });
    expect(fences.get(7)?.state).toBe('open');
  });

  it('keeps a slot that moves meanwhile', async () => {
    const { world, films, context, leadership, repair } = await newWorld();
    const [film = ''] = films;
    const slots = [slotOf(film)];
    const moving: Change[] = [
      {
        kind: 'operation-begun',
        operationId: 'op',
        plan: { kind: 'migration', from: 'a', to: 'b', slots },
      },
      { kind: 'slots-moved', operationId: 'op', slots },
    ];
    const taken = world.at('a0').contents.documents.get('movies')!.get(film)!;
    let begun: Promise<unknown> | undefined;
    world.at('b0').onCall = () => {
      if (begun !== undefined) return;
      plant(world, 'b0', 'movies', taken);
      begun = Promise.all(moving.map((change) => leadership.append(change, REASON)));
    };
    const { actions } = await repair();
    expect(actions).not.toContainEqual(expect.objectContaining({ kind: 'orphaned' }));
    await world.clock.advance(2 * CLEAR_AFTER_MS);
    for (const leftover of clearableLeftovers(context)) {
      await world.drive(clearLeftover(context, leftover, 'test'));
    }
    expect(world.at('b0').contents.documents.get('movies')?.get(film)).toEqual(taken);
  });

  it('says what it could not mend, and mends the rest', async () => {
    const { world, films, repair } = await newWorld();
    plant(world, 'a1', 'movies', { _id: films[0] ?? '', title: 'Another' });
    world.at('b0').down = true;
    expect(await repair()).toMatchObject({
      mended: 1,
      left: 1,
      actions: [
        { kind: 'diverged', isMended: true },
        { kind: 'unchecked', cluster: 'b0', isMended: false, action: 'it does not answer' },
      ],
    });
  });

  it('stops between two findings when it is cancelled', async () => {
    const { world, films, repair } = await newWorld();
    for (const id of films) plant(world, 'a1', 'movies', { _id: id, title: 'Another' });
    let looks = 0;
    const counts = await repair(() => ++looks > 2);
    expect(counts).toMatchObject({ mended: 2, isCancelled: true });
    expect(rejectedAt(world, 'a1')).toHaveLength(2);
  });
});
