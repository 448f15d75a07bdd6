import fc from 'fast-check';
import { observe, unobserved, type ClusterHealth, type Observation } from './cluster-health.ts';

const DETECTION_TIME_MS = 15_000;

const after = (health: ClusterHealth, ...observations: [Observation['kind'], number][]) => {
  let next = health;
  for (const [kind, atMs] of observations) next = observe(next, { kind, atMs }, DETECTION_TIME_MS);
  return next;
};

const healthyAt = (atMs: number) => after(unobserved(0), ['answered', atMs]);

describe('a cluster', () => {
  it('is healthy from its first answer', () => {
    expect(healthyAt(5)).toMatchObject({ status: 'healthy', lastSeenAtMs: 5 });
  });

  it('is not suspected for one missed probe, but for two in a row', () => {
    const once = after(healthyAt(0), ['missed', 1_000]);
    expect(once.status).toBe('healthy');
    expect(after(once, ['answered', 2_000], ['missed', 3_000]).status).toBe('healthy');
    expect(after(once, ['missed', 2_000]).status).toBe('suspect');
  });

  it('that a router could not reach is suspected with the next missed probe', () => {
    expect(after(healthyAt(0), ['reported', 100]).status).toBe('healthy');
    expect(after(healthyAt(0), ['reported', 100], ['answered', 200]).status).toBe('healthy');
    expect(after(healthyAt(0), ['reported', 100], ['missed', 200]).status).toBe('suspect');
  });

  it('is down once it has not been seen for the detection time', () => {
    const suspect = after(healthyAt(0), ['missed', 1_000], ['missed', 2_000], ['missed', 14_999]);
    expect(suspect.status).toBe('suspect');
    expect(after(suspect, ['missed', 15_000]).status).toBe('down');
  });

  it('that never answered is down after the detection time too', () => {
    expect(after(unobserved(0), ['missed', 14_000]).status).toBe('suspect');
    expect(after(unobserved(0), ['missed', 15_000]).status).toBe('down');
  });

  it('is trusted again only after several answers in a row', () => {
    const down = after(unobserved(0), ['missed', 15_000]);
    const seen = after(healthyAt(0), ['missed', 1], ['missed', 15_000], ['missed', 15_001]);
    expect(seen.status).toBe('down');
    const flapping = after(seen, ['answered', 1], ['answered', 2], ['missed', 3], ['answered', 4]);
    expect(flapping.status).toBe('down');
    expect(after(flapping, ['answered', 5], ['answered', 6]).status).toBe('healthy');
    expect(after(down, ['answered', 16_000]).status).toBe('healthy');
  });
});

describe('any sequence of observations', () => {
  it('calls no cluster down that answered within the detection time', () => {
    const kinds = fc.constantFrom<Observation['kind']>('answered', 'missed', 'reported');
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, fc.integer({ min: 1, max: 4_000 }))), (steps) => {
        let health = unobserved(0);
        let atMs = 0;
        let seenAtMs = 0;
        for (const [kind, afterMs] of steps) {
          atMs += afterMs;
          const before: ClusterHealth['status'] = health.status;
          health = observe(health, { kind, atMs }, DETECTION_TIME_MS);
          if (kind === 'answered') seenAtMs = atMs;
          const fell = health.status === 'down' && before !== 'down';
          if (fell && atMs - seenAtMs < DETECTION_TIME_MS) throw new Error('down too early');
          if (before === 'healthy' && health.status === 'down') throw new Error('never suspected');
        }
      }),
    );
  });
});
