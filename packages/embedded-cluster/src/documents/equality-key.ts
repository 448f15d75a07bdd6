import { encodeIndexKey } from './index-key.ts';
import type { Value } from './value.ts';

/** The same text for values that compare equal, to look them up by. */
export const equalityKey = (value: Value): string =>
  Buffer.from(encodeIndexKey(value)).toString('latin1');
