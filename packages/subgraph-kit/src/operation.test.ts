import { operationFor } from './operation.ts';
import type { RequestScope } from './request-scope.ts';

describe('the operation of a mutation', () => {
  const scope = { now: () => 0, randomBytes: (size: number) => new Uint8Array(size) };
  const hashOf = (operationId: string, payload: unknown) =>
    operationFor(scope as RequestScope, { handle: 'ada' }, { mutation: 'm', operationId, payload })
      .requestHash;
  const ONE = '00000000-0000-7000-8000-000000000001';
  const OTHER = '00000000-0000-7000-8000-000000000002';

  it('keeps a hash that tells two requests under its id apart, and nothing by a table', () => {
    const payload = { email: 'ada@example.org' };
    expect(hashOf(ONE, payload)).toBe(hashOf(ONE, { ...payload }));
    expect(hashOf(ONE.toUpperCase(), payload)).toBe(hashOf(ONE, payload));
    expect(hashOf(ONE, { email: 'eve@example.org' })).not.toBe(hashOf(ONE, payload));
    expect(hashOf(OTHER, payload)).not.toBe(hashOf(ONE, payload));
  });
});
