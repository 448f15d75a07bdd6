import type { ProtocolLogger } from '@marquee/slot-protocol';
import type { Logger } from '@marquee/service-kit';

const nothing = (): void => undefined;

export const silentLogger: ProtocolLogger = { debug: nothing, info: nothing, warn: nothing };

/** Of pino's logger, what the product calls. */
export const noLogger = { ...silentLogger, error: nothing } as unknown as Logger;
