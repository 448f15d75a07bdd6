import { MarqueeError } from '@marquee/errors';
import { ClusterUnreachable, Deadline, type Clock } from '@marquee/slot-protocol';
import { ClusterRest } from './cluster-rest.ts';
import { HedgeBudget } from './hedge-budget.ts';
import { readFirst } from './read-first.ts';

/** Time that passes only when told to. */
const createClock = () => {
  let nowMs = 0;
  const timers = new Set<{ atMs: number; callback: () => void }>();
  const clock: Clock = {
    now: () => nowMs,
    monotonicNow: () => nowMs,
    setTimer: (callback, delayMs) => {
      const timer = { atMs: nowMs + delayMs, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const pass = async (ms: number) => {
    nowMs += ms;
    for (const timer of [...timers].filter(({ atMs }) => atMs <= nowMs)) {
      timers.delete(timer);
      timer.callback();
    }
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  };
  return { clock, pass, timers };
};

const start = (hedgeBurst = 1) => {
  const { clock, pass, timers } = createClock();
  const asked: string[] = [];
  const answers = new Map<
    string,
    { resolve: (value: string) => void; reject: (e: Error) => void }
  >();
  const rest = new ClusterRest({ restMs: 100, restMaxMs: 1_000 }, () => clock.monotonicNow());
  const result = readFirst({
    clusters: ['r1', 'r2', 'o'],
    read: (cluster) => {
      asked.push(cluster);
      return new Promise<string>((resolve, reject) => answers.set(cluster, { resolve, reject }));
    },
    deadline: Deadline.after(2_000, clock),
    rest,
    budget: new HedgeBudget({ hedgeShare: 0, hedgeBurst }),
    limits: { hedgeAfterMs: 150, attemptMaxMs: 700 },
  });
  result.catch(() => undefined);
  return { asked, answers, pass, rest, result, timers };
};

describe('readFirst', () => {
  it('asks one cluster when that answers', async () => {
    const { asked, answers, result, timers, pass } = start();
    answers.get('r1')!.resolve('data');
    expect(await result).toEqual({ cluster: 'r1', value: 'data' });
    await pass(5_000);
    expect(asked).toEqual(['r1']);
    expect(timers.size).toBe(0);
  });

  it('asks the next one as soon as one fails, and leaves that alone', async () => {
    const { asked, answers, result, rest, pass } = start();
    answers.get('r1')!.reject(new ClusterUnreachable('r1'));
    await pass(0);
    expect(asked).toEqual(['r1', 'r2']);
    expect(rest.isResting('r1')).toBe(true);
    answers.get('r2')!.resolve('data');
    expect(await result).toEqual({ cluster: 'r2', value: 'data' });
  });

  it('asks the next one when one is slow, within the budget, and takes the first answer', async () => {
    const { asked, answers, result, pass } = start(1);
    await pass(150);
    expect(asked).toEqual(['r1', 'r2']);
    await pass(150);
    expect(asked).toEqual(['r1', 'r2']);
    answers.get('r1')!.resolve('late');
    expect(await result).toEqual({ cluster: 'r1', value: 'late' });
  });

  it('goes on without a budget when one is very slow', async () => {
    const { asked, pass, rest } = start(0);
    await pass(150);
    expect(asked).toEqual(['r1']);
    await pass(550);
    expect(asked).toEqual(['r1', 'r2']);
    expect(rest.isResting('r1')).toBe(true);
  });

  it('fails when all have failed, not before', async () => {
    const { answers, result, pass } = start();
    let failed = false;
    result.catch(() => (failed = true));
    for (const cluster of ['r1', 'r2', 'o']) {
      expect(failed).toBe(false);
      answers.get(cluster)!.reject(new ClusterUnreachable(cluster));
      await pass(0);
    }
    await expect(result).rejects.toMatchObject({ cluster: 'o' });
  });

  it('passes on at once what is the fault of the query', async () => {
    const { asked, answers, result } = start();
    answers.get('r1')!.reject(new MarqueeError('BAD_USER_INPUT'));
    await expect(result).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(asked).toEqual(['r1']);
  });
});
