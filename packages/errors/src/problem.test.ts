import { MarqueeError } from './marquee-error.ts';
import { toProblem } from './problem.ts';

describe('toProblem', () => {
  it('carries the code, the status and the facts of a known failure', () => {
    const problem = toProblem(new MarqueeError('STALE_MAP', { slot: 7 }), 'r1');
    expect(problem).toMatchObject({
      type: 'urn:marquee:error:STALE_MAP',
      status: 409,
      code: 'STALE_MAP',
      retryable: true,
      facts: { slot: 7 },
      requestId: 'r1',
    });
  });

  it('never shows the message of an unknown failure', () => {
    const problem = toProblem(new Error('password is hunter2'));
    expect(problem.code).toBe('INTERNAL');
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  it('reads the code of a failure that crossed a package boundary as a plain object', () => {
    expect(toProblem({ code: 'FORBIDDEN', message: 'no' }).status).toBe(403);
  });
});
