import { requestHash, stableJson } from './request-hash.ts';

describe('the hash of a request', () => {
  it('does not depend on the order of fields', () => {
    const a = {
      id: 'x',
      input: { title: 'T', year: 1, credits: [{ kind: 'CAST', personId: 'p' }] },
    };
    const b = {
      input: { credits: [{ personId: 'p', kind: 'CAST' }], year: 1, title: 'T' },
      id: 'x',
    };
    expect(requestHash('m', a)).toBe(requestHash('m', b));
  });

  it('depends on the mutation, on every value, on the order of lists, and on null', () => {
    const hashes = [
      requestHash('m', { a: [1, 2] }),
      requestHash('n', { a: [1, 2] }),
      requestHash('m', { a: [2, 1] }),
      requestHash('m', { a: ['1', 2] }),
      requestHash('m', { a: null }),
      requestHash('m', {}),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('leaves out what is undefined', () => {
    expect(stableJson({ b: undefined, a: { d: undefined, c: new Date(0) } })).toBe(
      '{"a":{"c":"1970-01-01T00:00:00.000Z"}}',
    );
  });
});
