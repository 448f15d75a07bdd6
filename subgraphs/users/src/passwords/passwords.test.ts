import { createPasswordQueues, PASSWORD_CONCURRENCY, PASSWORD_QUEUE_MAX } from './passwords.ts';

describe('work on passwords', () => {
  it('of people who are signed in goes before that of a crowd, and is not refused with it', async () => {
    const done: string[] = [];
    const release: (() => void)[] = [];
    const { ofAnybody, ofViewers } = createPasswordQueues({
      hash: async (password) => {
        await new Promise<void>((end) => release.push(end));
        done.push(password);
        return password;
      },
      verify: async () => true,
    });
    const crowd = Array.from({ length: PASSWORD_CONCURRENCY + PASSWORD_QUEUE_MAX }, () =>
      ofAnybody.hash('crowd'),
    );
    await expect(ofAnybody.hash('one too many')).rejects.toMatchObject({ code: 'OVERLOADED' });
    const viewer = ofViewers.hash('viewer');
    let settled = false;
    const all = Promise.all([...crowd, viewer]).then(() => (settled = true));
    while (!settled) {
      release.shift()?.();
      await new Promise(setImmediate);
    }
    await all;
    expect(done.indexOf('viewer')).toBeLessThanOrEqual(PASSWORD_CONCURRENCY);
  });

  it('is done a few at a time, in order, and refused when too much waits', async () => {
    let underway = 0;
    let most = 0;
    const release: (() => void)[] = [];
    const { ofAnybody: passwords } = createPasswordQueues({
      hash: async (password) => {
        underway += 1;
        most = Math.max(most, underway);
        await new Promise<void>((done) => release.push(done));
        underway -= 1;
        return `hash of ${password}`;
      },
      verify: async () => true,
    });
    const all = Array.from({ length: PASSWORD_CONCURRENCY + PASSWORD_QUEUE_MAX }, (_, i) =>
      passwords.hash(String(i)),
    );
    await expect(passwords.hash('one too many')).rejects.toMatchObject({ code: 'OVERLOADED' });
    const settled = Promise.all(all);
    for (let done = 0; done < all.length; done += 1) {
      while (release.length === 0) await new Promise(setImmediate);
      release.shift()?.();
    }
    expect(await settled).toHaveLength(PASSWORD_CONCURRENCY + PASSWORD_QUEUE_MAX);
    expect(most).toBe(PASSWORD_CONCURRENCY);
    await expect(
      Promise.race([passwords.verify('x', 'y'), Promise.resolve('late')]),
    ).resolves.toBeDefined();
  });
});
