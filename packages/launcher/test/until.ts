const POLL_MS = 10;

/** Less than a test may take, so that one which waits in vain says so and ends. */
const WAIT_MAX_MS = 20_000;

/** Waits for a condition. @throws an Error if it does not come to hold. */
export const until = async (condition: () => boolean): Promise<void> => {
  const giveUpAtMs = performance.now() + WAIT_MAX_MS;
  while (!condition()) {
    if (performance.now() > giveUpAtMs) throw new Error(`waited in vain for ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};
