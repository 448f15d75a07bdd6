import { VirtualClock } from '../../test/doubles/virtual-clock.ts';
import { HealthMonitor } from './health-monitor.ts';
import type { ProbePace } from './probe-pace.ts';

const DETECTION_TIME_MS = 15_000;

const start = (first: ProbePace = 'leading') => {
  const clock = new VirtualClock();
  const world = { pace: first, down: false, probes: 0, changes: [] as string[] };
  const monitor = new HealthMonitor({
    probe: async () => {
      world.probes += 1;
      if (world.down) throw new Error('no answer');
    },
    clock,
    detectionTimeMs: DETECTION_TIME_MS,
    pace: () => world.pace,
    onChange: (_cluster, { status }) => world.changes.push(status),
  });
  monitor.watch(['a']);
  return { clock, monitor, world };
};

describe('a cluster that answers', () => {
  it('is probed every two seconds by a leader, and rarely by whoever only follows', async () => {
    for (const [pace, most] of [
      ['leading', 31],
      ['following', 7],
    ] as const) {
      const { clock, monitor, world } = start(pace);
      await clock.advance(60_000);
      expect(world.probes).toBeLessThanOrEqual(most);
      expect(world.probes).toBeGreaterThan(most / 2);
      monitor.close();
    }
  });

  it('is probed at once by an instance that is elected', async () => {
    const { clock, monitor, world } = start('following');
    await clock.advance(1_000);
    const before = world.probes;
    world.pace = 'leading';
    monitor.hurry();
    await clock.advance(1);
    expect(world.probes).toBe(before + 1);
    await clock.advance(2_001);
    expect(world.probes).toBe(before + 2);
    monitor.close();
  });
});

describe('a cluster that stops to answer', () => {
  it('is suspected within three seconds of its last answer', async () => {
    const { clock, monitor, world } = start();
    await clock.advance(2_100);
    world.down = true;
    await clock.advance(3_000);
    expect(world.changes.at(-1)).toBe('suspect');
    monitor.close();
  });

  it('is suspected at once when a router reports it', async () => {
    const { clock, monitor, world } = start();
    await clock.advance(300);
    world.down = true;
    monitor.report('a');
    await clock.advance(1);
    expect(world.changes.at(-1)).toBe('suspect');
    monitor.close();
  });

  it('is not probed once for each of many reports', async () => {
    const { clock, monitor, world } = start();
    await clock.advance(100);
    const before = world.probes;
    for (let i = 0; i < 100; i += 1) {
      monitor.report('a');
      await clock.advance(10);
    }
    expect(world.probes).toBeGreaterThan(before);
    expect(world.probes).toBeLessThanOrEqual(before + 4);
    monitor.close();
  });
});
