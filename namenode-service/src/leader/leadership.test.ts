import { MarqueeError } from '@marquee/errors';
import { MemoryEditLog } from '../../test/doubles/memory-edit-log.ts';
import { MemoryLeaseStore } from '../../test/doubles/memory-lease-store.ts';
import { VirtualClock } from '../../test/doubles/virtual-clock.ts';
import type { Change } from '../directory/edit.ts';
import { DirectoryFollower } from '../served-map/directory-follower.ts';
import { LEASE_STANDSTILL_MS } from './leader-lease.ts';
import type { AskLeader } from './leader-word.ts';
import { Leadership } from './leadership.ts';
import { pause } from '../pause.ts';

const FOUNDED: Change = {
  kind: 'deployment-founded',
  deployment: '0b7e6a52-6d2c-4a2e-9c5e-0f4a3a1d2b3c',
  shards: [{ name: 'a', owner: 'a0', replicas: ['a1'] }],
};
const REASON = { by: 'test', why: 'test' };
const PAUSE: Change = { kind: 'automation-paused' };

const world = () => {
  const log = new MemoryEditLog();
  const leases = new MemoryLeaseStore();
  log.edits.push({ number: 1, atMs: 0, ...REASON, change: FOUNDED });
  /** Instances that answer each other over HTTP; none at first. */
  const heard = new Map<string, Leadership>();
  const askLeader: AskLeader = async (url, _after, waitMs, signal) => {
    const leader = heard.get(url);
    if (leader === undefined) throw new Error('connection refused');
    await pause(clocks.get(signal) as VirtualClock, waitMs, signal);
    const { word } = leader;
    if (word === undefined) throw new Error('it does not lead');
    return word;
  };
  const clocks = new Map<AbortSignal, VirtualClock>();
  const start = (instance: string) => {
    // Each instance's clock is its own: stopping it stops the instance, as SIGSTOP does.
    const clock = new VirtualClock();
    const follower = new DirectoryFollower(log, clock);
    const warnings: string[] = [];
    const leadership = new Leadership({
      instance,
      url: () => `http://${instance}`,
      log,
      leases,
      follower,
      clock,
      detectionTimeMs: 1_000,
      askLeader,
      onWarning: (what) => warnings.push(what),
    });
    const stop = new AbortController();
    clocks.set(stop.signal, clock);
    const running = leadership.run(stop.signal);
    const end = async () => {
      stop.abort();
      await running;
    };
    return { clock, follower, leadership, warnings, end };
  };
  return { log, leases, heard, start };
};

describe('leadership', () => {
  it('is taken by the first instance at once, and said in the log', async () => {
    const { log, start } = world();
    const one = start('one');
    await one.clock.advance(10);
    expect(one.leadership.isLeader).toBe(true);
    expect(log.edits.at(-1)?.change).toMatchObject({ kind: 'leader-elected', instance: 'one' });
    await one.end();
  });

  it('stays with an instance whose counter moves', async () => {
    const { start } = world();
    const one = start('one');
    await one.clock.advance(10);
    const two = start('two');
    for (let i = 0; i < 30; i++) {
      await one.clock.advance(500);
      await two.clock.advance(500);
    }
    expect(one.leadership.isLeader).toBe(true);
    expect(two.leadership.isLeader).toBe(false);
    expect(two.leadership.leaderUrl).toBe('http://one');
    await Promise.all([one.end(), two.end()]);
  });

  it('passes within 6 s to another instance when the leader stands still', async () => {
    const { start } = world();
    const one = start('one');
    await one.clock.advance(10);
    const two = start('two');
    await two.clock.advance(10);
    await one.clock.advance(1_000);
    await two.clock.advance(LEASE_STANDSTILL_MS - 100);
    expect(two.leadership.isLeader).toBe(false);
    await two.clock.advance(1_100);
    expect(two.leadership.isLeader).toBe(true);
    await two.end();
  });

  it('is lost by a leader that was paused: what it appends afterwards is refused', async () => {
    const { log, start } = world();
    const one = start('one');
    await one.clock.advance(10);
    const { term } = one.leadership;
    const two = start('two');
    await two.clock.advance(LEASE_STANDSTILL_MS * 2);
    expect(one.leadership.isLeader).toBe(true); // It does not know yet.
    await expect(one.leadership.append(PAUSE, REASON)).rejects.toMatchObject({ code: 'NOT_READY' });
    expect(term?.aborted).toBe(true);
    expect(one.leadership.isLeader).toBe(false);
    expect(log.edits.map(({ change }) => change.kind)).not.toContain('automation-paused');
    await two.leadership.append(PAUSE, REASON);
    expect(log.edits.at(-1)?.number).toBe(log.edits.length);
    await Promise.all([one.end(), two.end()]);
  });

  it('is lost by a leader that wakes, before it appends anything', async () => {
    const { start } = world();
    const one = start('one');
    await one.clock.advance(10);
    const two = start('two');
    await two.clock.advance(LEASE_STANDSTILL_MS * 2);
    await one.clock.advance(1_500);
    expect(one.leadership.isLeader).toBe(false);
    expect(one.leadership.leaderUrl).toBe('http://two');
    await Promise.all([one.end(), two.end()]);
  });

  it('is lost to a process of the same name: it is a number that tells leaders apart', async () => {
    const { start } = world();
    const before = start('one');
    await before.clock.advance(10);
    const restarted = start('one');
    await restarted.clock.advance(10);
    expect(restarted.leadership.isLeader).toBe(true);
    await before.clock.advance(1_500);
    expect(before.leadership.isLeader).toBe(false);
    await Promise.all([before.end(), restarted.end()]);
  });

  it('is given up in order at the end, so that the next need not wait', async () => {
    const { start } = world();
    const one = start('one');
    await one.clock.advance(10);
    await one.end();
    const two = start('two');
    await two.clock.advance(10);
    expect(two.leadership.isLeader).toBe(true);
    await two.end();
  });

  it('outlives a metadata cluster that is away for a while, but appends nothing then', async () => {
    const { log, leases, start } = world();
    const one = start('one');
    await one.clock.advance(10);
    log.down = true;
    leases.down = true;
    await one.clock.advance(20_000);
    expect(one.warnings.length).toBeGreaterThan(5);
    await expect(one.leadership.append(PAUSE, REASON)).rejects.toMatchObject({
      code: 'METADATA_UNAVAILABLE',
    });
    log.down = false;
    leases.down = false;
    await one.clock.advance(2_000);
    await one.leadership.append(PAUSE, REASON);
    expect(one.leadership.isLeader).toBe(true);
    await one.end();
  });

  it('appends in the order of the calls, one at a time', async () => {
    const { log, start } = world();
    const one = start('one');
    await one.clock.advance(10);
    const from = log.edits.length;
    const kinds = ['automation-paused', 'automation-resumed', 'automation-paused'] as const;
    await Promise.all(kinds.map((kind) => one.leadership.append({ kind }, REASON)));
    expect(log.edits.slice(from).map(({ change }) => change.kind)).toEqual(kinds);
    await one.end();
  });

  it('lets no edit into the log that the directory does not allow', async () => {
    const { log, start } = world();
    const one = start('one');
    await one.clock.advance(10);
    const before = log.edits.length;
    const bad: Change = { kind: 'shard-removed', shard: 'nowhere' };
    await expect(one.leadership.append(bad, REASON)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(log.edits).toHaveLength(before);
    await one.leadership.append(PAUSE, REASON);
    await one.end();
  });
});

describe('an instance that follows', () => {
  /** A leader that answers over HTTP, and an instance that has seen its lease once. */
  const following = async () => {
    const all = world();
    const one = all.start('one');
    await one.clock.advance(10);
    all.heard.set('http://one', one.leadership);
    const two = all.start('two');
    await two.clock.advance(10);
    const together = async (durationMs: number) => {
      for (let passedMs = 0; passedMs < durationMs; passedMs += 100) {
        await one.clock.advance(100);
        await two.clock.advance(100);
      }
    };
    return { ...all, one, two, together };
  };

  it('does not ask the metadata cluster while the leader itself answers', async () => {
    const { leases, log, one, two, together } = await following();
    await together(2_000);
    const read = jest.spyOn(leases, 'read');
    const readToEnd = jest.spyOn(log, 'readToEnd');
    await together(5_000);
    expect(read).not.toHaveBeenCalled();
    expect(readToEnd).not.toHaveBeenCalled();
    expect(two.leadership.isLeader).toBe(false);
    await Promise.all([one.end(), two.end()]);
  });

  it('learns of an edit by the word of the leader', async () => {
    const { one, two, together } = await following();
    await together(1_000);
    await one.leadership.append(PAUSE, REASON);
    await together(800);
    expect(two.follower.state.lastEdit).toBe(one.follower.state.lastEdit);
    await Promise.all([one.end(), two.end()]);
  });

  it('takes over within 6 s from a leader that was killed', async () => {
    const { heard, two, together } = await following();
    await together(3_000);
    heard.clear();
    await two.clock.advance(LEASE_STANDSTILL_MS + 900);
    expect(two.leadership.isLeader).toBe(true);
    await two.end();
  });

  it('takes over from a leader that answers but cannot raise its lease', async () => {
    const { leases, one, two, together } = await following();
    await together(3_000);
    const stuck = jest
      .spyOn(leases, 'compareAndSet')
      .mockRejectedValue(new MarqueeError('METADATA_UNAVAILABLE'));
    await together(LEASE_STANDSTILL_MS + 1_000);
    stuck.mockRestore();
    // Whoever comes first now; the one whose counter stood still is not protected by its answers.
    await two.clock.advance(1_000);
    expect(two.leadership.isLeader).toBe(true);
    await Promise.all([one.end(), two.end()]);
  });
});
