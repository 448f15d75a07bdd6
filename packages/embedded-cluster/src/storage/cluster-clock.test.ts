import { Timestamp } from 'bson';
import { ClusterClock, DRIFT_MAX_SECONDS } from './cluster-clock.ts';

describe('the cluster clock', () => {
  it('never goes back, though the wall clock does', () => {
    let nowMs = 5_000_000;
    const clock = new ClusterClock(() => nowMs);
    const times = [clock.timestamp()];
    for (const stepMs of [0, 1500, -3000, 0, 10_000]) {
      nowMs += stepMs;
      clock.tick();
      times.push(clock.timestamp());
    }
    for (const [at, time] of times.entries()) {
      const before = times[at - 1];
      if (before) expect(time.compare(before)).toBe(1);
    }
  });

  it('goes on from what it is told', () => {
    const clock = new ClusterClock(() => 1000, { seconds: 50, increment: 7 });
    expect(clock.timestamp()).toEqual(new Timestamp({ t: 50, i: 8 }));
    clock.advanceTo(new Timestamp({ t: 60, i: 3 }));
    clock.advanceTo(new Timestamp({ t: 55, i: 9 }));
    expect(clock.timestamp()).toEqual(new Timestamp({ t: 60, i: 3 }));
  });

  it('believes nobody who is a year ahead', () => {
    const clock = new ClusterClock(() => 5000);
    const before = clock.timestamp();
    const latest = 5 + DRIFT_MAX_SECONDS;
    for (const time of [
      new Timestamp({ t: latest + 1, i: 1 }),
      new Timestamp({ t: 0xffffffff, i: 0xffffffff }),
    ]) {
      expect(() => clock.advanceTo(time)).toThrow(
        expect.objectContaining({ codeName: 'ClusterTimeFailsRateLimiter', code: 209 }),
      );
    }
    expect(clock.timestamp()).toEqual(before);
    clock.advanceTo(new Timestamp({ t: latest, i: 1 }));
    expect(clock.timestamp()).toEqual(new Timestamp({ t: latest, i: 1 }));
  });

  it('begins the next second where the counter has no room left', () => {
    const clock = new ClusterClock(() => 5000);
    clock.advanceTo(new Timestamp({ t: 9, i: 0xffffffff }));
    clock.tick();
    expect(clock.timestamp()).toEqual(new Timestamp({ t: 10, i: 1 }));
  });
});
