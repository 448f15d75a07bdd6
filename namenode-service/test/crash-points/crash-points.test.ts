import { CRASH_CASES } from './crash-cases.ts';

// A sample of what `main.ts` beside this file does in full; each point costs a tenth of a second.
jest.setTimeout(60_000);
const SAMPLES = 6;

describe.each(CRASH_CASES)('$name', (each) => {
  it('completes by itself, and is completed or undone when its leader dies on the way', async () => {
    const { steps, outcome } = await each.run(Infinity, 'before');
    expect(outcome).toBe('completed');
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const crashAt = 1 + Math.floor((sample * (steps - 1)) / (SAMPLES - 1));
      for (const moment of ['before', 'after'] as const) {
        const run = await each.run(crashAt, moment);
        expect({ crashAt, moment, outcome: run.outcome }).toEqual({
          crashAt,
          moment,
          outcome: expect.stringMatching(/^(completed|undone)$/),
        });
      }
    }
  });
});
