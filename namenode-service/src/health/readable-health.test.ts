import { readableHealth } from './readable-health.ts';

const HEALTHY = { status: 'healthy', lastSeenAtMs: 7, missedProbes: 0 } as const;
const DOWN = { status: 'down', sinceMs: 5, lastSeenAtMs: 1, answersInARow: 0 } as const;

describe('a replica that answers', () => {
  it('is healthy with all its indexes', () => {
    expect(readableHealth(HEALTHY, 'complete')).toBe(HEALTHY);
  });

  it('is under suspicion as long as it lacks one', () => {
    expect(readableHealth(HEALTHY, 'lacking')).toMatchObject({
      status: 'suspect',
      lastSeenAtMs: 7,
    });
  });

  it('is as one that was never seen until somebody has looked', () => {
    expect(readableHealth(HEALTHY, 'unknown')).toMatchObject({
      status: 'suspect',
      lastSeenAtMs: null,
    });
  });
});

describe('a replica that does not answer', () => {
  it('is what its probes say, whatever it may lack', () => {
    expect(readableHealth(DOWN, 'lacking')).toBe(DOWN);
    expect(readableHealth(undefined, 'lacking')).toBeUndefined();
  });
});
