import { KeyedLock } from './keyed-lock.ts';

describe('KeyedLock', () => {
  it('runs the work of one key one after the other, that of several keys side by side', async () => {
    const lock = new KeyedLock();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} ends`);
    };
    await Promise.all([
      lock.run('a', work('1')),
      lock.run('a', work('2')),
      lock.runAll(['b', 'a', 'b'], work('3')),
      lock.runAll(['a', 'b'], work('4')),
      lock.run('c', work('5')),
    ]);
    expect(log.filter((line) => !line.startsWith('5'))).toEqual(
      ['1', '2', '3', '4'].flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
    expect(log.indexOf('5 begins')).toBeLessThan(log.indexOf('1 ends'));
  });

  it('goes on after work that failed', async () => {
    const lock = new KeyedLock();
    await expect(lock.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(lock.run('a', () => Promise.resolve(1))).resolves.toBe(1);
  });
});
