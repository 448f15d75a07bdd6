import { MarqueeError } from '@marquee/errors';

/** @throws VERSION_CONFLICT if the request was made for another version of the directory */
export const requireVersion = (ifMatch: string | undefined, version: number): void => {
  if (ifMatch === undefined || ifMatch === '*' || ifMatch === `"${version}"`) return;
  throw new MarqueeError('VERSION_CONFLICT', { expected: ifMatch, version });
};
