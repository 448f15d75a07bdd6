import type { Fence, StoredDocument } from '@marquee/slot-protocol';
import { SLOT_COUNT, slotOf } from '@marquee/topology';
import type { Edit } from '../../../namenode-service/src/directory/edit.ts';
import type { World } from '../world/world.ts';
import type { Deployment } from './walk-plan.ts';

/** Films that every walk begins with, in each slot. */
const FILMS_PER_SLOT = 2;

/** The deployment's random name; the same in every walk. */
const DEPLOYMENT_ID = '6f1f1d7e-5b0e-4c57-8f5e-0d6a3c1b2a90';

let films: readonly string[] | undefined;

/** Ids of the films that every walk begins with. */
export const filmsOf = (): readonly string[] => {
  if (films !== undefined) return films;
  const found: string[] = [];
  const perSlot = new Array<number>(SLOT_COUNT).fill(0);
  for (let number = 0; found.length < SLOT_COUNT * FILMS_PER_SLOT; number += 1) {
    const id = `film${number}`;
    const slot = slotOf(id);
    const count = perSlot[slot] ?? 0;
    if (count === FILMS_PER_SLOT) continue;
    perSlot[slot] = count + 1;
    found.push(id);
  }
  films = found;
  return found;
};

/** A deployment that has just been founded, with its films, in which nothing has happened yet. */
export const foundWorld = (world: World, { shards, minInSync }: Deployment): void => {
  const names = Object.keys(shards);
  for (const edit of foundingEdits(shards, minInSync)) {
    world.metadata.edits.push(edit);
    world.appended(edit);
  }
  const documents = filmsOf().map((id): StoredDocument => ({
    _id: id,
    slot: slotOf(id),
    version: { epoch: 1, sequence: 0 },
    revision: 1,
    deleted: false,
    by: [],
  }));
  for (const [index, shard] of names.entries()) {
    const clusters = shards[shard] ?? [];
    for (const name of clusters) {
      const server = world.clusters.get(name)?.server;
      if (server !== undefined) server.stamp = { deployment: DEPLOYMENT_ID, cluster: name };
      for (let slot = 0; slot < SLOT_COUNT; slot += 1) {
        const isOwn = Math.floor((slot * names.length) / SLOT_COUNT) === index;
        server?.createFences([firstFence(slot, isOwn, name, clusters)]);
        if (!isOwn) continue;
        server?.load(
          'movies',
          documents.filter((document) => document.slot === slot),
        );
      }
    }
  }
};

const firstFence = (
  slot: number,
  isOwn: boolean,
  name: string,
  clusters: readonly string[],
): Fence => {
  const isOwner = clusters[0] === name;
  return {
    slot,
    protocol: 1,
    edit: 1,
    epoch: isOwn ? 1 : 0,
    state: isOwn ? (isOwner ? 'open' : 'follower') : 'moved',
    sequence: 0,
    lastTransaction: '',
    pushTo: isOwn && isOwner ? clusters.slice(1) : [],
    purgedThrough: 0,
    refuseIdsBefore: '',
  };
};

const foundingEdits = (shards: Deployment['shards'], minInSync: number): Edit[] => {
  const stamp = { atMs: 0, by: 'setup', why: 'a walk begins' };
  const names = minInSync === 1 ? [] : Object.keys(shards);
  return [
    {
      ...stamp,
      number: 1,
      change: {
        kind: 'deployment-founded',
        deployment: DEPLOYMENT_ID,
        shards: Object.entries(shards).map(([name, [owner = '', ...replicas]]) => ({
          name,
          owner,
          replicas,
        })),
      },
    },
    { ...stamp, number: 2, change: { kind: 'founding-completed' } },
    ...names.map((shard, index): Edit => ({
      ...stamp,
      number: 3 + index,
      change: { kind: 'shard-configured', shard, minInSync },
    })),
  ];
};
