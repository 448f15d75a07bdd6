import { MarqueeError, type ErrorCode } from '@marquee/errors';

/** Why an order cannot be carried out: a code that scripts can tell apart, and the argument it is about. */
export const orderRefusal = (code: ErrorCode, argument: string, message: string): MarqueeError =>
  new MarqueeError(code, { argument }, { message });
