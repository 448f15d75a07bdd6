import type { ProtocolLogger } from '@marquee/slot-protocol';

export const silentLogger: ProtocolLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
};
