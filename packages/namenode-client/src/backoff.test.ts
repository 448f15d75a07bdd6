import { BACKOFF_MAX_MS, BACKOFF_MIN_MS, backoffMs } from './backoff.ts';

describe('the pause after failures', () => {
  it('grows with the failures, within its bounds, and is jittered', () => {
    expect(backoffMs(1, () => 1)).toBe(BACKOFF_MIN_MS);
    expect(backoffMs(3, () => 1)).toBe(BACKOFF_MIN_MS * 4);
    expect(backoffMs(50, () => 1)).toBe(BACKOFF_MAX_MS);
    expect(backoffMs(50, () => 0)).toBe(BACKOFF_MIN_MS);
    expect(backoffMs(50, () => 0.5)).toBeLessThan(BACKOFF_MAX_MS);
  });
});
