import type { ShardMap } from '@marquee/topology';
import { MapKeeper, READ_LEASE_SHARE, type MapAnswer } from './map-keeper.ts';

const mapOf = (version: number, deployment = 'd'): ShardMap => ({
  deployment,
  version,
  shards: [{ name: 'a', owner: 'shard-a', replicas: [], strongReadsOnly: false }],
  slots: [{ from: 0, to: 1023, shard: 'a', epoch: 1 }],
});

const answer = (version: number, sentAtMs: number, more: Partial<MapAnswer> = {}): MapAnswer => ({
  map: mapOf(version),
  version,
  confirmed: true,
  detectionTimeMs: 3_000,
  sentAtMs,
  ...more,
});

const unchanged = (version: number, sentAtMs: number): MapAnswer => {
  const { map: _, ...rest } = answer(version, sentAtMs);
  return rest;
};

describe('the map that is kept', () => {
  it('is never an older one', () => {
    const keeper = new MapKeeper();
    const seen: number[] = [];
    keeper.onChange(({ version }) => seen.push(version));
    for (const version of [3, 2, 5, 4, 5]) keeper.take(answer(version, version));
    expect(seen).toEqual([3, 5]);
    expect(keeper.map?.version).toBe(5);
  });

  it('is never one of another deployment, whatever its version', () => {
    const keeper = new MapKeeper();
    keeper.take(answer(3, 0));
    const foreign = answer(9, 0, { map: mapOf(9, 'other') });
    expect(() => keeper.take(foreign)).toThrow(
      expect.objectContaining({ code: 'NAMENODE_UNAVAILABLE' }) as Error,
    );
    expect(keeper.map).toMatchObject({ deployment: 'd', version: 3 });
  });

  it('is never one with gaps', () => {
    const keeper = new MapKeeper();
    const slots = [{ from: 0, to: 1000, shard: 'a', epoch: 1 }];
    expect(() => keeper.take(answer(3, 0, { map: { ...mapOf(3), slots } }))).toThrow(TypeError);
    expect(keeper.map).toBeUndefined();
  });
});

describe('the read lease', () => {
  it('counts two thirds of the detection time from the sending of the request', () => {
    const keeper = new MapKeeper();
    keeper.take(answer(1, 1_000));
    expect(keeper.confirmedAtMs).toBe(1_000);
    expect(keeper.leaseUntilMs).toBe(1_000 + 3_000 * READ_LEASE_SHARE);
    keeper.take(unchanged(1, 1_500));
    expect(keeper.leaseUntilMs).toBe(3_500);
  });

  it('is not renewed by an answer that confirms nothing, or confirms an older map', () => {
    const keeper = new MapKeeper();
    keeper.take(answer(4, 1_000));
    keeper.take({ ...unchanged(4, 2_000), confirmed: false });
    keeper.take(unchanged(3, 2_000));
    keeper.take(answer(3, 2_000));
    expect(keeper.confirmedAtMs).toBe(1_000);
  });

  it('does not shrink when answers overtake each other', () => {
    const keeper = new MapKeeper();
    keeper.take(answer(4, 2_000));
    keeper.take(unchanged(4, 1_000));
    expect(keeper.confirmedAtMs).toBe(2_000);
  });
});
