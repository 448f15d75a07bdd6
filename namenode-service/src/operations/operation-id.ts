/** An id that ascends with time, so that the newest operations are found by it. */
export const newOperationId = (nowMs: number, randomId: () => string): string =>
  `${nowMs.toString(36).padStart(9, '0')}-${randomId().slice(0, 8)}`;
