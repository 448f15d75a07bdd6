import { MarqueeError } from '@marquee/errors';

/** What is needed of `fetch`. */
export type FetchLike = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

/** @throws NAMENODE_UNAVAILABLE instead of what a refused or lost connection gives */
export const reached = async <Result>(
  url: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await work();
  } catch (cause) {
    throw new MarqueeError(
      'NAMENODE_UNAVAILABLE',
      { url },
      { message: `${url} does not answer`, cause },
    );
  }
};
