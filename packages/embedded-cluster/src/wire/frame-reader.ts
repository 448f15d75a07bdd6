import { HEADER_BYTES, MESSAGE_MAX_BYTES } from './limits.ts';
import { MalformedMessage } from './malformed-message.ts';

/** Cuts a stream of bytes into messages by the length that each begins with. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Length of the message that is coming in, once its first four bytes are here. */
  #wanted: number | undefined;

  /** Whole messages, in order; throws MalformedMessage for a length that no message has. */
  *push(chunk: Buffer): Generator<Buffer> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (;;) {
      this.#wanted ??= this.#readLength();
      if (this.#wanted === undefined || this.#bytes < this.#wanted) return;
      const all = this.#join();
      const message = all.subarray(0, this.#wanted);
      const rest = all.subarray(this.#wanted);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#bytes = rest.length;
      this.#wanted = undefined;
      yield message;
    }
  }

  #readLength(): number | undefined {
    if (this.#bytes < 4) return undefined;
    const [first] = this.#chunks;
    const start = first && first.length >= 4 ? first : this.#join();
    const length = start.readInt32LE(0);
    if (length < HEADER_BYTES || length > MESSAGE_MAX_BYTES) {
      throw new MalformedMessage(`a message of ${length.toString()} bytes`);
    }
    return length;
  }

  #join(): Buffer {
    const [only] = this.#chunks;
    if (only && this.#chunks.length === 1) return only;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
