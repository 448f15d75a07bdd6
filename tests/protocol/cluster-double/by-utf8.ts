/** The order of UTF-8 bytes, which is that of code points and not that of UTF-16 units. */
export const byUtf8 = (left: string, right: string): number =>
  left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
