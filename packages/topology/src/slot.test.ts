import fc from 'fast-check';
import { murmur3 } from './murmur3.ts';
import { slotOf } from './slot.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('murmur3', () => {
  // Published vectors of MurmurHash3_x86_32.
  it.each([
    ['', 0, 0x00000000],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['a', 0x9747b28c, 0x7fa09ea6],
    ['aa', 0x9747b28c, 0x5d211726],
    ['aaa', 0x9747b28c, 0x283e0130],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['abc', 0, 0xb3dd93fa],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['ππππππππ', 0x9747b28c, 0xd58063c1],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
  ])('hashes %j with seed %i', (text, seed, hash) => {
    expect(murmur3(utf8(text), seed)).toBe(hash);
  });
});

describe('slotOf', () => {
  it('is the hash modulo 1,024 and never changes', () => {
    expect(slotOf('abc')).toBe(0xb3dd93fa % 1024);
    expect(slotOf('')).toBe(0);
    expect([slotOf('tt0133093'), slotOf('alice'), slotOf('七人の侍')]).toMatchInlineSnapshot(`
      [
        61,
        733,
        789,
      ]
    `);
  });

  it('is that of the UTF-8 bytes, whatever the characters and however many', () => {
    const ofBytes = (text: string) => murmur3(utf8(text)) % 1024;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        expect(slotOf(text)).toBe(ofBytes(text));
      }),
    );
    const edges = [
      'x'.repeat(512),
      'x'.repeat(513),
      `${'x'.repeat(511)}é`,
      'a\ud800b',
      '\u007f\u0080',
    ];
    for (const text of edges) expect(slotOf(text)).toBe(ofBytes(text));
  });
});
