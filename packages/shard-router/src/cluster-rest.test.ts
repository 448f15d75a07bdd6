import { ClusterRest } from './cluster-rest.ts';

const create = () => {
  const time = { nowMs: 0 };
  return { time, rest: new ClusterRest({ restMs: 100, restMaxMs: 350 }, () => time.nowMs) };
};

describe('ClusterRest', () => {
  it('leaves a cluster alone after a failure, twice as long after each further one', () => {
    const { time, rest } = create();
    expect(rest.isResting('c')).toBe(false);
    for (const restMs of [100, 200, 350, 350]) {
      rest.failed('c');
      expect(rest.isResting('c')).toBe(true);
      time.nowMs += restMs - 1;
      expect(rest.isResting('c')).toBe(true);
      time.nowMs += 1;
      expect(rest.isResting('c')).toBe(false);
    }
    rest.succeeded('c');
    rest.failed('c');
    time.nowMs += 100;
    expect(rest.isResting('c')).toBe(false);
  });

  it('takes failures at the same time for one', () => {
    const { time, rest } = create();
    for (let i = 0; i < 10; i += 1) rest.failed('c');
    time.nowMs += 100;
    expect(rest.isResting('c')).toBe(false);
  });

  it('lets one read try a cluster whose rest is over, until it has succeeded', () => {
    const { time, rest } = create();
    rest.failed('c');
    time.nowMs += 100;
    rest.tried('c');
    expect(rest.isResting('c')).toBe(true);
    rest.failed('c');
    time.nowMs += 199;
    expect(rest.isResting('c')).toBe(true);
    time.nowMs += 1;
    rest.tried('c');
    rest.succeeded('c');
    expect(rest.isResting('c')).toBe(false);
  });
});
