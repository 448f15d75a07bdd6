import { Timestamp } from 'bson';
import { ClusterClock } from './cluster-clock.ts';

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
});
