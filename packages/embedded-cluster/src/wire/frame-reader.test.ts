import fc from 'fast-check';
import { FrameReader } from './frame-reader.ts';
import { MalformedMessage } from './malformed-message.ts';

const frame = (payload: Uint8Array): Buffer => {
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + payload.length, 0);
  return Buffer.concat([header, payload]);
};

describe('a frame reader', () => {
  it('gives back the same messages, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        (payloads, cuts) => {
          const frames = payloads.map(frame);
          const stream = Buffer.concat(frames);
          const reader = new FrameReader();
          const messages: Buffer[] = [];
          for (let at = 0, cut = 0; at < stream.length; cut++) {
            const length = cuts[cut % cuts.length] ?? 1;
            messages.push(...reader.push(stream.subarray(at, at + length)));
            at += length;
          }
          expect(messages.map((message) => message.toString('hex'))).toEqual(
            frames.map((whole) => whole.toString('hex')),
          );
        },
      ),
    );
  });

  it.each([-1, 0, 15, 48_000_001])(
    'refuses a message of %d bytes before its body arrives',
    (length) => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(length, 0);
      expect(() => [...new FrameReader().push(bytes)]).toThrow(MalformedMessage);
    },
  );
});
