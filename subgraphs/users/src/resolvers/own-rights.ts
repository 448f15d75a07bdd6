import { MarqueeError } from '@marquee/errors';

/** Why an admin is refused: the last one could otherwise lock everybody out, themselves first. */
export const OWN_RIGHTS = 'Another admin must do this: nobody takes their own rights away.';

export const ownRights = (facts: { readonly argument?: string } = {}): MarqueeError =>
  new MarqueeError('FORBIDDEN', facts, { message: OWN_RIGHTS });
