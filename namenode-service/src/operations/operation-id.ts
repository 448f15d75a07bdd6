/** An id that ascends with time, so that the newest operations are found by it. */
export const newOperationId = (nowMs: number, randomId: () => string): string =>
  `${nowMs.toString(36).padStart(9, '0')}-${randomId().slice(0, 8)}`;

/** A UUIDv7 (RFC 9562): the time in milliseconds, then the random bits of a UUIDv4. */
export const newUuidV7 = (nowMs: number, randomId: () => string): string => {
  const time = nowMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomId().slice(15)}`;
};
