import { createLogger } from '@marquee/service-kit';
import { MemoryCluster } from '../../test/doubles/memory-cluster.ts';
import { VirtualClock } from '../../test/doubles/virtual-clock.ts';
import { IndexKeeper } from './index-keeper.ts';

const start = () => {
  const clock = new VirtualClock();
  const a = new MemoryCluster('a');
  const keeper = new IndexKeeper({
    cluster: () => Promise.resolve(a),
    clock,
    logger: createLogger({ service: 'test', level: 'silent' }),
  });
  return { a, clock, keeper };
};

describe('the keeper of the indexes', () => {
  it('brings them to a cluster that lacks some, which lacks them until they are built', async () => {
    const { a, clock, keeper } = start();
    a.lacking = ['movies year'];
    let built = (): void => undefined;
    a.onBuild = () =>
      new Promise((resolve) => {
        built = resolve;
      });
    keeper.keep(['a']);
    expect(keeper.stateOf('a')).toBe('unknown');
    await clock.advance(1);
    expect(keeper.stateOf('a')).toBe('lacking');
    expect(keeper.missingAt('a')).toEqual(['movies year']);
    built();
    await clock.advance(1);
    expect(keeper.stateOf('a')).toBe('complete');
    keeper.keep([]);
  });

  it('tries again after a build that failed', async () => {
    const { a, clock, keeper } = start();
    a.lacking = ['movies year'];
    a.onBuild = () => Promise.reject(new Error('no room'));
    keeper.keep(['a']);
    await clock.advance(1_000);
    expect(keeper.stateOf('a')).toBe('lacking');
    a.onBuild = () => Promise.resolve();
    await clock.advance(30_000);
    expect(keeper.stateOf('a')).toBe('complete');
    keeper.keep([]);
  });

  it('finds within minutes that an index was dropped', async () => {
    const { a, clock, keeper } = start();
    keeper.keep(['a']);
    await clock.advance(1);
    a.lacking = ['movies year'];
    a.onBuild = () => new Promise(() => undefined);
    await clock.advance(5 * 60_000);
    expect(keeper.stateOf('a')).toBe('lacking');
    keeper.keep([]);
  });

  it('knows nothing of a cluster that was away until it has looked again', async () => {
    const { a, clock, keeper } = start();
    keeper.keep(['a']);
    await clock.advance(1);
    a.down = true;
    keeper.forget('a');
    await clock.advance(1_000);
    expect(keeper.stateOf('a')).toBe('unknown');
    a.down = false;
    await clock.advance(30_000);
    expect(keeper.stateOf('a')).toBe('complete');
    keeper.keep([]);
  });
});
