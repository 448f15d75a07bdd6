import { Code, deserialize, Long, serialize } from 'bson';
import fc from 'fast-check';
import { values } from '../../test/documents/arbitrary-values.ts';
import { CommandError } from '../command-error.ts';
import { decode, decodeFields, encode, encodeForStorage } from './codec.ts';
import { compareValues } from './compare.ts';
import { type Document, documentOf, FarDate, type Value } from './value.ts';

const refusal = (bytes: Uint8Array): unknown => {
  try {
    decode(bytes);
    return undefined;
  } catch (error) {
    return error instanceof CommandError ? error.codeName : error;
  }
};

describe('codec', () => {
  it('gives back what was written, byte for byte', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encode(new Map([['value', value]]));
        const read = decode(bytes);
        expect(compareValues(read.get('value'), value)).toBe(0);
        expect(Buffer.compare(encode(read), bytes)).toBe(0);
      }),
    );
  });

  it('writes what the bson library writes', () => {
    const plain = {
      a: 1,
      b: 1.5,
      c: 'ä€𝄞',
      d: [true, null, { e: new Date(5) }],
      f: Long.fromNumber(7),
    };
    const bytes = serialize(plain);
    expect(Buffer.compare(encode(decode(bytes)), bytes)).toBe(0);
    expect(deserialize(encode(documentOf({ n: 2 ** 31 })))).toEqual({ n: 2 ** 31 });
  });

  it('keeps field order even where names are integers', () => {
    const bytes = encode(
      new Map<string, Value>([
        ['b', null],
        ['1', null],
        ['0', null],
      ]),
    );
    expect([...decode(bytes).keys()]).toEqual(['b', '1', '0']);
  });

  it('writes documents larger than its scratch buffer', () => {
    for (const length of [65_500, 65_520, 65_530, 65_536, 200_000]) {
      const document = documentOf({ a: 'x'.repeat(length), b: true, c: [1, null, { d: false }] });
      expect(compareValues(decode(encode(document)), document)).toBe(0);
    }
    for (let length = 65_480; length < 65_540; length += 1) {
      const document = documentOf({ a: 'x'.repeat(length), b: true, c: false, d: null, e: 'y' });
      expect(compareValues(decode(encode(document)), document)).toBe(0);
    }
  });

  it('keeps dates that a JavaScript date cannot hold', () => {
    const far = new FarDate(-(2n ** 63n));
    const read = decode(encode(new Map([['at', far]]))).get('at');
    expect(read).toEqual(far);
  });

  it('keeps code with its scope', () => {
    const scope = documentOf({ x: 1 }) as unknown as Record<string, unknown>;
    const bytes = encode(new Map([['code', new Code('f()', scope)]]));
    expect(Buffer.compare(encode(decode(bytes)), bytes)).toBe(0);
  });

  it('leaves out undefined fields', () => {
    expect(
      decode(
        encode(
          new Map<string, Value>([
            ['a', undefined],
            ['b', null],
          ]),
        ),
      ).size,
    ).toBe(1);
  });

  it('refuses every truncation and survives every single changed byte', () => {
    const bytes = encode(
      documentOf({ a: 'text', b: [1, { c: new Date(0) }], d: true, e: Long.fromNumber(9), f: 1.5 }),
    );
    for (let length = 0; length < bytes.length; length += 1) {
      expect(refusal(bytes.slice(0, length))).toBe('InvalidBSON');
    }
    for (let position = 0; position < bytes.length; position += 1) {
      for (const byte of [0, 1, 0x7f, 0x80, 0xff]) {
        const damaged = Uint8Array.from(bytes);
        damaged[position] = byte;
        expect([undefined, 'InvalidBSON']).toContain(refusal(damaged));
      }
    }
  });

  it('answers random bytes with an error, never with a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const framed = Buffer.alloc(noise.length + 5);
        framed.writeInt32LE(framed.length);
        framed.set(noise, 4);
        expect([undefined, 'InvalidBSON', 'Overflow']).toContain(refusal(framed));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['negative', 0x80],
    ['beyond the document', 0x7f],
  ])('refuses a binary whose length is %s', (_, highByte) => {
    const binary = Buffer.from([13, 0, 0, 0, 0x05, 0x61, 0, 0, 0, 0, highByte, 0, 0]);
    expect(refusal(binary)).toBe('InvalidBSON');
  });

  it('refuses a field that occurs twice, bad UTF-8 and deprecated types', () => {
    const twice = Buffer.from([0x0b, 0, 0, 0, 0x0a, 0x61, 0, 0x0a, 0x61, 0, 0]);
    expect(refusal(twice)).toBe('InvalidBSON');
    const badText = Buffer.from([0x0e, 0, 0, 0, 0x02, 0x61, 0, 2, 0, 0, 0, 0xff, 0, 0]);
    expect(refusal(badText)).toBe('InvalidBSON');
    const undefinedType = Buffer.from([8, 0, 0, 0, 0x06, 0x61, 0, 0]);
    expect(refusal(undefinedType)).toBe('InvalidBSON');
  });

  it('takes 200 levels of nesting and refuses more, both ways', () => {
    const nested = (levels: number): Document => {
      let document: Document = new Map();
      for (let level = 1; level < levels; level += 1) document = new Map([['a', document]]);
      return document;
    };
    expect(decode(encode(nested(200))).size).toBe(1);
    expect(() => encode(nested(201))).toThrow('maximum nested object depth');
    let plain: Record<string, unknown> = {};
    for (let level = 1; level < 201; level += 1) plain = { a: plain };
    expect(refusal(serialize(plain))).toBe('Overflow');
  });

  it('refuses to store more than 16 MiB', () => {
    expect(() => encodeForStorage(documentOf({ a: 'x'.repeat(16 * 1024 * 1024) }))).toThrow(
      'Size must be between',
    );
  });
});

describe('some fields of a document', () => {
  it('are what they are in the whole, whatever stands before them', () => {
    fc.assert(
      fc.property(values, values, values, (first, second, third) => {
        const document: Document = new Map([
          ['first', first],
          ['second', second],
          ['third', third],
        ]);
        const bytes = encode(document);
        const found = decodeFields(bytes, new Set(['third', 'missing']));
        const wanted: Document = new Map([['third', decode(bytes).get('third')]]);
        expect(Buffer.compare(encode(found), encode(wanted))).toBe(0);
      }),
    );
  });

  it('are none of an empty document', () => {
    expect(decodeFields(encode(new Map()), new Set(['a'])).size).toBe(0);
  });
});
