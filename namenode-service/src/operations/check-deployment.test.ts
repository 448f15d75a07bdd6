import type { StoredDocument } from '@marquee/slot-protocol';
import { slotOf, type CollectionName } from '@marquee/topology';
import type { Change } from '../directory/edit.ts';
import { addFilm, filmsOf, OperationWorld } from '../../test/doubles/operation-world.ts';
import { checkDeployment } from './check-deployment.ts';
import { weighSlots } from './weigh-slots.ts';

const newWorld = async () => {
  const world = new OperationWorld({ a: ['a0', 'a1'], b: ['b0'] });
  await world.found();
  const writer = await world.writer();
  const films = filmsOf(await world.directory(), 'a', 5);
  for (const id of films) await world.drive(writer.write(addFilm(id)));
  const { context } = await world.lead();
  const check = async () => (await world.drive(checkDeployment(context))).findings;
  return { world, films, context, check };
};

/** Writes a document behind the protocol's back. */
const plant = (
  world: OperationWorld,
  cluster: string,
  collection: CollectionName,
  document: { _id: string; [field: string]: unknown },
): void => {
  const stored: StoredDocument = {
    slot: slotOf(document._id.split(':')[0] ?? ''),
    version: { epoch: 1, sequence: 1 },
    revision: 1,
    deleted: false,
    ...document,
  };
  world.at(cluster).contents.documents.get(collection)?.set(document._id, stored);
};

describe('a check', () => {
  it('finds nothing where nothing is wrong', async () => {
    const { check } = await newWorld();
    expect(await check()).toEqual([]);
  });

  it('finds a replica that holds other data than its owner', async () => {
    const { world, films, check } = await newWorld();
    const [film = '', other = ''] = films;
    plant(world, 'a1', 'movies', { _id: film, title: 'Another' });
    world.at('a1').contents.documents.get('movies')?.delete(other);
    const found = (id: string) => ({
      kind: 'diverged',
      cluster: 'a1',
      shard: 'a',
      slot: slotOf(id),
    });
    expect(await check()).toEqual(expect.arrayContaining([found(film), found(other)]));
    expect(await check()).toHaveLength(2);
  });

  it('does not mind in which order a document keeps its fields', async () => {
    const { world, films, check } = await newWorld();
    const [film = ''] = films;
    const { documents } = world.at('a1').contents;
    const stored = documents.get('movies')!.get(film)!;
    const turned = Object.fromEntries(Object.entries(stored).reverse()) as StoredDocument;
    documents.get('movies')!.set(film, turned);
    expect(await check()).toEqual([]);
  });

  it('finds data of slots that are not the cluster’s', async () => {
    const { world, films, check } = await newWorld();
    const [film = ''] = films;
    plant(world, 'b0', 'movies', { _id: film });
    expect(await check()).toEqual([{ kind: 'orphaned', cluster: 'b0', slot: slotOf(film) }]);
  });

  it('does not take for foreign what moves there while it looks', async () => {
    const { world, films, check } = await newWorld();
    const [film = ''] = films;
    const slots = [slotOf(film)];
    const changes: Change[] = [
      {
        kind: 'operation-begun',
        operationId: 'op',
        plan: { kind: 'migration', from: 'a', to: 'b', slots },
      },
      { kind: 'slots-moved', operationId: 'op', slots },
    ];
    const { onCall } = world.at('b0');
    // The check has read the directory by now, and the edits come from another instance.
    world.at('b0').onCall = () => {
      const taken = world.at('a0').contents.documents.get('movies')?.get(film);
      if (changes.length === 0 || taken === undefined) return;
      plant(world, 'b0', 'movies', taken);
      for (const change of changes.splice(0)) {
        const number = world.log.edits.length + 1;
        world.log.edits.push({ number, atMs: 0, by: 'test', why: 'test', change });
      }
      world.at('b0').onCall = onCall;
    };
    expect(await check()).not.toContainEqual(expect.objectContaining({ kind: 'orphaned' }));
  });

  it('finds documents that lie under nothing that is a slot', async () => {
    const { world, check } = await newWorld();
    for (const [id, slot] of [
      ['none', undefined],
      ['far', 4711],
      ['half', 0.5],
    ] as const) {
      plant(world, 'b0', 'movies', { _id: id, slot });
    }
    const found = (id: string) => ({ kind: 'unslotted', cluster: 'b0', collection: 'movies', id });
    expect(await check()).toEqual(['none', 'far', 'half'].map(found));
  });

  it('finds all slots with foreign data, however much one of them has', async () => {
    const { world, check } = await newWorld();
    for (let i = 0; i < 1_200; i += 1) plant(world, 'b0', 'person', { _id: `p${i}`, slot: 3 });
    plant(world, 'b0', 'person', { _id: 'last', slot: 7 });
    expect((await check()).filter(({ kind }) => kind === 'orphaned')).toEqual(
      [3, 7].map((slot) => ({ kind: 'orphaned', cluster: 'b0', slot })),
    );
  });

  it('finds fences that are not what the directory says, and a second owner', async () => {
    const { world, check } = await newWorld();
    const set = (cluster: string, slot: number, change: object) => {
      const { fences } = world.at(cluster).contents;
      fences.set(slot, { ...fences.get(slot)!, ...change });
    };
    set('a0', 3, { pushTo: [] });
    set('a1', 4, { state: 'sealed' });
    set('a1', 5, { epoch: 0 });
    set('a1', 6, { state: 'open' });
    set('b0', 7, { state: 'open' });
    const wrong = (cluster: string, slot: number) => ({
      kind: 'wrong-fence',
      cluster,
      slot,
      shard: 'a',
    });
    expect(await check()).toEqual([
      wrong('a0', 3),
      wrong('a1', 4),
      wrong('a1', 5),
      { kind: 'second-owner', cluster: 'a1', slot: 6 },
      { kind: 'second-owner', cluster: 'b0', slot: 7 },
    ]);
  });

  it('does not mind fences that are being settled while it looks', async () => {
    const { world, check } = await newWorld();
    const { fences } = world.at('a0').contents;
    const fence = fences.get(3)!;
    fences.set(3, { ...fence, state: 'sealed' });
    world.clock.setTimer(() => fences.set(3, fence), 1_000);
    expect(await check()).toEqual([]);
  });

  it('finds accounts whose erasure should be done long ago, at their owner', async () => {
    const { world, check } = await newWorld();
    const erasure = (requestedAt: number) => ({
      erasure: { state: 'pending', requestedAt: new Date(requestedAt) },
    });
    const [old, young] = ['ann', 'bob'];
    const atOwner = slotOf(old) < 512 ? ['a0', 'a1'] : ['b0'];
    for (const cluster of atOwner) plant(world, cluster, 'users', { _id: old, ...erasure(0) });
    for (const cluster of slotOf(young) < 512 ? ['a0', 'a1'] : ['b0']) {
      plant(world, cluster, 'users', { _id: young, ...erasure(world.clock.now()) });
    }
    expect(await check()).toEqual([
      { kind: 'left-over-job', cluster: atOwner[0], slot: slotOf(old), id: old },
    ]);
  });

  it('says that there is more than it tells', async () => {
    const { world, context } = await newWorld();
    for (let i = 0; i < 1_100; i += 1) plant(world, 'a0', 'users', { _id: `u${i}`, slot: 3 });
    const { findings, more } = await world.drive(checkDeployment(context));
    expect([findings.length, more]).toEqual([1_000, true]);
  });

  it('finds a document under another slot than its key’s', async () => {
    const { world, films, check } = await newWorld();
    const slot = slotOf(films[0] ?? '');
    for (const cluster of ['a0', 'a1']) {
      plant(world, cluster, 'users', { _id: 'ann', slot });
    }
    expect(await check()).toEqual([
      { kind: 'misplaced', cluster: 'a0', slot, collection: 'users', id: 'ann' },
      { kind: 'misplaced', cluster: 'a1', slot, collection: 'users', id: 'ann' },
    ]);
  });

  it('finds counts that are not what the reactions add up to', async () => {
    const { world, films, check } = await newWorld();
    const [right = '', wrong = '', missing = ''] = films;
    for (const movieId of [right, wrong, missing]) {
      for (const [handle, reaction] of [
        ['ann', 'LIKE'],
        ['bob', 'DISLIKE'],
      ] as const) {
        const _id = `${movieId}:${handle}`;
        const interaction = { _id, kind: 'interaction', movieId, handle, reaction };
        for (const cluster of ['a0', 'a1']) plant(world, cluster, 'user_interactions', interaction);
      }
    }
    const summary = (movieId: string, likeCount: number) => {
      const counts = { _id: movieId, kind: 'summary', movieId, likeCount, dislikeCount: 1 };
      for (const cluster of ['a0', 'a1']) plant(world, cluster, 'user_interactions', counts);
    };
    summary(right, 1);
    summary(wrong, 2);
    const found = (await check()).filter(({ cluster }) => cluster === 'a0');
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        { kind: 'wrong-counts', cluster: 'a0', slot: slotOf(wrong), id: wrong },
        { kind: 'wrong-counts', cluster: 'a0', slot: slotOf(missing), id: missing },
      ]),
    );
  });

  it('names a cluster that does not answer', async () => {
    const { world, check } = await newWorld();
    world.at('a1').down = true;
    expect(await check()).toEqual(expect.arrayContaining([{ kind: 'unchecked', cluster: 'a1' }]));
  });
});

describe('the weight of a slot', () => {
  it('is the number of its documents at its owner', async () => {
    const { world, films, context } = await newWorld();
    const weights = await world.drive(weighSlots(context));
    expect(weights[slotOf(films[0] ?? '')]).toBe(1);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(films.length);
  });
});
