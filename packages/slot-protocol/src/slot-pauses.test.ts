import type { Clock } from './clock.ts';
import { SlotPauses } from './slot-pauses.ts';

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
  const limits = { retryPauseMs: 20, retryPauseMaxMs: 100 };
  return { time, waits, pauses: new SlotPauses(limits, clock, () => 1) };
};

describe('SlotPauses', () => {
  it('pauses all operations of a slot together, longer after each failure', async () => {
    const { time, waits, pauses } = create();
    await pauses.wait(1);
    expect(waits).toEqual([]);
    for (const pauseMs of [20, 40, 80, 100, 100]) {
      pauses.failed(1);
      pauses.failed(1);
      await pauses.wait(1);
      await pauses.wait(1);
      expect(waits.splice(0)).toEqual([pauseMs, pauseMs]);
      time.nowMs += pauseMs;
      await pauses.wait(1);
      expect(waits).toEqual([]);
    }
    await pauses.wait(2);
    pauses.succeeded(1);
    pauses.failed(1);
    await pauses.wait(1);
    expect(waits).toEqual([20]);
  });
});
