/** A moment in 2026; ids made later are higher, and that is all that counts. */
const EPOCH_MS = Date.UTC(2026, 0, 1);

/** The UUIDv7 of the n-th operation that is made at a moment of a walk. */
export const operationIdOf = (atMs: number, index: number): string => {
  const time = (EPOCH_MS + Math.floor(atMs)).toString(16).padStart(12, '0');
  const tail = index.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`;
};
