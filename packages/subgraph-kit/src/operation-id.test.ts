import {
  newOperationId,
  OPERATION_ID_AHEAD_MAX_MS,
  operationIdTimeMs,
  parseOperationId,
} from './operation-id.ts';

const NOW_MS = Date.parse('2026-01-02T03:04:05.678Z');
const randomBytes = (size: number) => new Uint8Array(size).fill(0xff);

describe('operation ids', () => {
  it('are UUIDs of version 7 that begin with the time', () => {
    const id = newOperationId({ now: () => NOW_MS, randomBytes });
    expect(id).toBe('019b7ca9-8f2e-7fff-bfff-ffffffffffff');
    expect(operationIdTimeMs(id)).toBe(NOW_MS);
    expect(parseOperationId(id, NOW_MS)).toBe(id);
  });

  it('are the same in capitals', () => {
    const id = newOperationId({ now: () => NOW_MS, randomBytes });
    expect(parseOperationId(id.toUpperCase(), NOW_MS)).toBe(id);
  });

  it('may come from a clock that is ahead, but not from next week', () => {
    const made = (atMs: number) => newOperationId({ now: () => atMs, randomBytes });
    const latestMs = NOW_MS + OPERATION_ID_AHEAD_MAX_MS;
    expect(() => parseOperationId(made(latestMs), NOW_MS)).not.toThrow();
    expect(() => parseOperationId(made(latestMs + 1), NOW_MS)).toThrow(/operationId/);
  });

  it.each([
    '',
    'abc',
    '019b7c97-72ae-4fff-bfff-ffffffffffff',
    '019b7c9772ae7fffbfffffffffffffff',
    '\u0000',
  ])('are not %j', (given) => {
    expect(() => parseOperationId(given, NOW_MS)).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        facts: expect.objectContaining({ argument: 'operationId' }),
      }),
    );
  });
});
