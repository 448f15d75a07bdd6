import { createOperationId, createOperationIds } from './operation-id.ts';

describe('an operation id', () => {
  it('is a UUIDv7 as RFC 9562 shows it', () => {
    // The test vector of appendix A.6.
    const random = [0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f];
    const id = createOperationId(0x017f22e279b0, (bytes) => {
      bytes.set(random, 6);
    });
    expect(id).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('of a later millisecond sorts behind', () => {
    const full = (bytes: Uint8Array): void => {
      bytes.fill(0xff);
    };
    const empty = (): void => undefined;
    const nowMs = Date.parse('2026-05-05');
    expect(createOperationId(nowMs, full) < createOperationId(nowMs + 1, empty)).toBe(true);
  });
});

describe('the ids of a form', () => {
  const setUp = () => {
    let made = 0;
    return createOperationIds(() => `id-${(made += 1)}`);
  };

  it('stay the same while the same contents are sent again', () => {
    const ids = setUp();
    expect(ids.idFor({ title: 'Heat' })).toBe('id-1');
    expect(ids.idFor({ title: 'Heat' })).toBe('id-1');
  });

  it('are new for other contents, and after an answer', () => {
    const ids = setUp();
    ids.idFor({ title: 'Heat' });
    expect(ids.idFor({ title: 'Ran' })).toBe('id-2');
    ids.settle();
    expect(ids.idFor({ title: 'Ran' })).toBe('id-3');
  });
});
