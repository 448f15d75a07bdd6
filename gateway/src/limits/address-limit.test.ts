import { ADDRESSES_MAX, createAddressLimit } from './address-limit.ts';

describe('the limit of an address', () => {
  const limits = { burstMax: 3, perMinute: 60 };
  const ask = (
    limit: ReturnType<typeof createAddressLimit>,
    address: string,
    nowMs = 0,
    count = 1,
  ) => {
    try {
      limit.take(address, count, nowMs);
      return 'taken';
    } catch (error) {
      return error as { code: string; facts: Record<string, unknown> };
    }
  };
  const LIMITED = expect.objectContaining({ code: 'RATE_LIMITED' });

  it('is used up by a burst, grows again, and says when', () => {
    const limit = createAddressLimit(limits);
    expect([1, 2, 3].map(() => ask(limit, '10.0.0.1'))).toEqual(['taken', 'taken', 'taken']);
    expect(ask(limit, '10.0.0.1')).toMatchObject({ facts: { retryAfterSeconds: 1 } });
    expect(ask(limit, '10.0.0.2')).toBe('taken');
    expect(ask(limit, '10.0.0.1', 999)).toEqual(LIMITED);
    expect(ask(limit, '10.0.0.1', 1_000)).toBe('taken');
    expect(ask(limit, '10.0.0.1', 1_000)).toEqual(LIMITED);
    expect(ask(limit, '10.0.0.1', 60_000, 3)).toBe('taken');
    expect(ask(limit, '10.0.0.1', 60_000)).toEqual(LIMITED);
  });

  it('counts each of several in one request, and takes nothing where it refuses', () => {
    const limit = createAddressLimit(limits);
    ask(limit, '10.0.0.1');
    expect(ask(limit, '10.0.0.1', 0, 3)).toEqual(LIMITED);
    expect(ask(limit, '10.0.0.1', 0, 2)).toBe('taken');
    expect(ask(limit, '10.0.0.3', 0, 100)).toBe('taken');
    expect(ask(limit, '10.0.0.3')).toEqual(LIMITED);
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8::1', '2001:DB8:0:0:5::', true],
    ['::1', '0:0:0:0:0:0:0:2', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['10.0.0.1', '::ffff:10.0.0.1', true],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.2', false],
  ])('takes %s and %s for one: %s', (one, other, isOne) => {
    const limit = createAddressLimit({ burstMax: 1, perMinute: 1 });
    ask(limit, one);
    expect(ask(limit, other)).toEqual(isOne ? LIMITED : 'taken');
  });

  it('is kept of a bounded number of addresses', () => {
    const limit = createAddressLimit({ burstMax: 1, perMinute: 1 });
    ask(limit, 'first');
    for (let i = 1; i < ADDRESSES_MAX; i += 1) ask(limit, `other${i}`);
    expect(ask(limit, 'first')).toEqual(LIMITED);
    ask(limit, 'one more');
    expect(ask(limit, 'first')).toBe('taken');
  });
});
