import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';

/** A clock whose timers fire when the test says, as real ones do: a little early, too. */
const hastyClock = (): { clock: Clock; fire: () => void } => {
  let fire = (): void => undefined;
  const clock: Clock = {
    monotonicNow: () => 0,
    now: () => 0,
    setTimer: (call) => {
      fire = call;
      return () => undefined;
    },
  };
  return { clock, fire: () => fire() };
};

describe('Deadline', () => {
  it('has passed for everybody once it has passed for one, however early its timer fired', async () => {
    const { clock, fire } = hastyClock();
    const deadline = Deadline.after(50, clock);
    const work = deadline.race(new Promise(() => undefined));
    expect(deadline.expired).toBe(false);
    fire();
    await expect(work).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(deadline.expired).toBe(true);
  });
});
