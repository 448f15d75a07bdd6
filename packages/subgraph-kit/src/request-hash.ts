import { createHash } from 'node:crypto';

/** JSON with the keys of every object in order; fields that are undefined are left out. */
export const stableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );

/**
 * Tells two requests under one operation id apart. It is stored for days in the records of the slot:
 * leave secrets out of `payload`, a plain hash of a password is soon guessed.
 */
export const requestHash = (mutation: string, payload: unknown): string =>
  createHash('sha256')
    .update(`${mutation}\0${stableJson(payload)}`)
    .digest('base64url');
