import {
  createSignInAttempts,
  FORGET_AFTER_MS,
  FREE_ATTEMPTS,
  HANDLES_MAX,
  WAIT_FIRST_MS,
  WAIT_MAX_MS,
} from './sign-in-attempts.ts';

describe('attempts to sign in', () => {
  const fail = (attempts: ReturnType<typeof createSignInAttempts>, times: number, atMs: number) => {
    for (let i = 0; i < times; i += 1) attempts.begin('ada', atMs).failed();
  };
  const codeAt = (attempts: ReturnType<typeof createSignInAttempts>, atMs: number) => {
    try {
      attempts.begin('ada', atMs).failed();
      return 'allowed';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('make the next one wait after a few failures, longer with each', () => {
    const attempts = createSignInAttempts();
    fail(attempts, FREE_ATTEMPTS, 0);
    expect(codeAt(attempts, WAIT_FIRST_MS - 1)).toBe('RATE_LIMITED');
    expect(codeAt(attempts, WAIT_FIRST_MS)).toBe('allowed');
    expect(codeAt(attempts, WAIT_FIRST_MS + 2 * WAIT_FIRST_MS - 1)).toBe('RATE_LIMITED');
    expect(codeAt(attempts, WAIT_FIRST_MS + 2 * WAIT_FIRST_MS)).toBe('allowed');
  });

  it('never make anybody wait longer than the longest wait', () => {
    const attempts = createSignInAttempts();
    let nowMs = 0;
    for (let i = 0; i < 40; i += 1) {
      fail(attempts, 1, nowMs);
      nowMs += WAIT_MAX_MS;
    }
    expect(codeAt(attempts, nowMs)).toBe('allowed');
  });

  it('do not slip through at the same time', () => {
    const attempts = createSignInAttempts();
    const open = Array.from({ length: FREE_ATTEMPTS }, () => attempts.begin('ada', 0));
    expect(codeAt(attempts, 0)).toBe('RATE_LIMITED');
    for (const attempt of open) attempt.failed();
    expect(codeAt(attempts, 0)).toBe('RATE_LIMITED');
  });

  it('count for nothing where nobody looked at the password', () => {
    const attempts = createSignInAttempts();
    fail(attempts, FREE_ATTEMPTS - 1, 0);
    for (let i = 0; i < 100; i += 1) attempts.begin('ada', 0).withdrawn();
    expect(codeAt(attempts, 0)).toBe('allowed');
    expect(codeAt(attempts, 0)).toBe('RATE_LIMITED');
  });

  it('are forgotten after a success, and after a while', () => {
    const attempts = createSignInAttempts();
    fail(attempts, FREE_ATTEMPTS, 0);
    attempts.begin('ada', WAIT_FIRST_MS).succeeded();
    expect(codeAt(attempts, WAIT_FIRST_MS)).toBe('allowed');
    attempts.begin('ada', WAIT_FIRST_MS).succeeded();
    fail(attempts, FREE_ATTEMPTS - 1, 0);
    expect(codeAt(attempts, FORGET_AFTER_MS)).toBe('allowed');
    expect(codeAt(attempts, FORGET_AFTER_MS)).toBe('allowed');
  });

  it('are remembered for a bounded number of handles', () => {
    const attempts = createSignInAttempts();
    fail(attempts, FREE_ATTEMPTS, 0);
    for (let i = 0; i < 2 * HANDLES_MAX; i += 1) attempts.begin(`flood${i}`, 0).withdrawn();
    expect(codeAt(attempts, 0)).toBe('RATE_LIMITED');
    for (let i = 0; i < HANDLES_MAX; i += 1) attempts.begin(`other${i}`, 0).failed();
    expect(codeAt(attempts, 0)).toBe('allowed');
  });
});
