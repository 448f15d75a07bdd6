import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;

/** Waits for a condition; one that throws does not hold yet. Rejects with what was waited for. */
export const until = async (
  condition: () => boolean | Promise<boolean>,
  options: { readonly what: string; readonly timeoutMs: number; readonly explain?: () => string },
): Promise<void> => {
  const giveUpAtMs = Date.now() + options.timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      if (await condition()) return;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() > giveUpAtMs) break;
    await delay(POLL_MS);
  }
  const detail = options.explain?.() ?? '';
  throw new Error(`waited ${options.timeoutMs} ms for ${options.what}\n${detail}`, {
    cause: lastError,
  });
};
