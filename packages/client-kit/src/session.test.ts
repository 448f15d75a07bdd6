import { createSessionStore, type Session } from './session.ts';

const NOW_MS = Date.parse('2026-01-01T12:00:00Z');

const session: Session = {
  token: 'secret',
  expiresAt: '2026-01-01T13:00:00Z',
  viewer: { id: 'ada', displayName: 'Ada', role: 'USER' },
};

const setUp = (stored?: string) => {
  const entries = new Map(stored === undefined ? [] : [['marquee.session', stored]]);
  const timers: { callback: () => void; delayMs: number; stopped: boolean }[] = [];
  const clock = { nowMs: NOW_MS };
  const create = () =>
    createSessionStore({
      storage: {
        getItem: (key) => entries.get(key) ?? null,
        setItem: (key, value) => entries.set(key, value),
        removeItem: (key) => entries.delete(key),
      },
      nowMs: () => clock.nowMs,
      setTimer: (callback, delayMs) => {
        const timer = { callback, delayMs, stopped: false };
        timers.push(timer);
        return () => {
          timer.stopped = true;
        };
      },
    });
  return { store: create(), create, entries, timers, clock };
};

describe('the session', () => {
  it('survives a reload of the page', () => {
    const { store, create } = setUp();
    store.start(session);
    expect(create().state()).toEqual({ status: 'signed-in', session });
  });

  it('ends by itself when its time is over, and tells who listens', () => {
    const { store, entries, timers, clock } = setUp();
    store.start(session);
    const heard = jest.fn();
    store.subscribe(heard);
    expect(timers.at(-1)?.delayMs).toBe(3_600_000);
    clock.nowMs += 3_600_000;
    timers.at(-1)?.callback();
    expect(heard).toHaveBeenCalledTimes(1);
    expect(store.state()).toEqual({ status: 'ended' });
    expect(entries.size).toBe(0);
  });

  it('is over when the clock says so, even if the timer is late', () => {
    const { store, clock } = setUp();
    store.start(session);
    clock.nowMs += 3_600_000;
    expect(store.current()).toBeUndefined();
  });

  it('waits in pieces for an end that is further off than a timer can count', () => {
    const { store, timers, clock } = setUp();
    store.start({ ...session, expiresAt: '2026-03-01T00:00:00Z' });
    expect(timers.at(-1)?.delayMs).toBe(2 ** 31 - 1);
    clock.nowMs += 2 ** 31 - 1;
    timers.at(-1)?.callback();
    expect(store.state().status).toBe('signed-in');
    expect(timers).toHaveLength(2);
  });

  it('does not come back out of storage once its time is over', () => {
    const old = JSON.stringify({ ...session, expiresAt: '2025-01-01T00:00:00Z' });
    expect(setUp(old).store.state()).toEqual({ status: 'ended' });
  });

  it.each(['not JSON', '{}', 'null', '{"token":1}'])('ignores %s in storage', (stored) => {
    expect(setUp(stored).store.state()).toEqual({ status: 'signed-out' });
  });

  it('takes an expiry that is no date as over', () => {
    const { store } = setUp();
    store.start({ ...session, expiresAt: 'tomorrow' });
    expect(store.current()).toBeUndefined();
  });

  it('leaves nothing behind after signing out', () => {
    const { store, entries, timers } = setUp();
    store.start(session);
    store.end();
    expect(store.state()).toEqual({ status: 'signed-out' });
    expect(entries.size).toBe(0);
    expect(timers.every(({ stopped }) => stopped)).toBe(true);
  });

  it('outlives the refusal of a token that it no longer uses', () => {
    const { store } = setUp();
    store.start(session);
    store.refuse('an older token');
    expect(store.current()).toEqual(session);
    store.refuse('secret');
    expect(store.state()).toEqual({ status: 'ended' });
  });
});
