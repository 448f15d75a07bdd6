import type { Clock } from './clock.ts';
import { SlotPauses } from './slot-pauses.ts';

const NEW = { isNew: true };
const LIMITS = { retryPauseMs: 20, retryPauseMaxMs: 100, queueOperationsMax: 2 };

const create = () => {
  const time = { nowMs: 0 };
  const waits: number[] = [];
  const clock: Clock = {
    now: () => time.nowMs,
    monotonicNow: () => time.nowMs,
    setTimer: (callback, delayMs) => {
      waits.push(delayMs);
      callback();
      return () => undefined;
    },
  };
  return { time, waits, pauses: new SlotPauses(LIMITS, clock, () => 1) };
};

describe('SlotPauses', () => {
  it('pauses all operations of a slot together, longer after each failure', async () => {
    const { time, waits, pauses } = create();
    await pauses.wait(1, NEW);
    expect(waits).toEqual([]);
    for (const pauseMs of [20, 40, 80, 100, 100]) {
      pauses.failed(1);
      pauses.failed(1);
      await pauses.wait(1, NEW);
      await pauses.wait(1, NEW);
      expect(waits.splice(0)).toEqual([pauseMs, pauseMs]);
      time.nowMs += pauseMs;
      await pauses.wait(1, NEW);
      expect(waits).toEqual([]);
    }
    await pauses.wait(2, NEW);
    pauses.succeeded(1);
    pauses.failed(1);
    await pauses.wait(1, NEW);
    expect(waits).toEqual([20]);
  });

  it('holds what waits until the map changes, and forgets then what failed before', async () => {
    const timers: (() => void)[] = [];
    const clock: Clock = {
      now: () => 0,
      monotonicNow: () => 0,
      setTimer: (callback) => {
        timers.push(callback);
        return () => undefined;
      },
    };
    const pauses = new SlotPauses(LIMITS, clock, () => 1);
    pauses.failed(1);
    const released: string[] = [];
    const held = ['first', 'second'].map(async (name) => {
      await pauses.wait(1, NEW);
      released.push(name);
    });
    await expect(pauses.wait(1, NEW)).rejects.toMatchObject({ code: 'OVERLOADED' });
    // What may have been written already cannot be refused any more.
    const tried = pauses.wait(1, { isNew: false });
    expect(released).toEqual([]);
    pauses.mapChanged();
    await Promise.all([...held, tried]);
    expect(released).toEqual(['first', 'second']);
    expect(timers).toHaveLength(3);
    await pauses.wait(1, NEW);
  });
});
