import { randomBytes } from 'node:crypto';

/** A new operation id of the scope: a UUIDv7 (RFC 9562), later ones are higher. */
export const newOperationId = (scope = 'test', nowMs = Date.now()): string => {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  const parts = [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ] as const;
  return `${scope}/${parts.map(([from, to]) => hex.slice(from, to)).join('-')}`;
};
