import type { ProtocolLogger } from '@marquee/slot-protocol';
import type { Logger } from '@marquee/service-kit';

const nothing = (): void => undefined;

export const silentLogger: ProtocolLogger = { debug: nothing, info: nothing, warn: nothing };

/** Of pino's logger what the product calls; tells of errors, which are nobody's plan. */
export const loggerThatTells = (onError: (error: unknown) => void): Logger => {
  const error = (facts: { readonly event?: string; readonly err?: unknown }): void => {
    if (facts.event === 'steward') onError(facts.err);
  };
  return { ...silentLogger, error } as unknown as Logger;
};
