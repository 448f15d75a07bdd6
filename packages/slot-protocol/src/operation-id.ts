import { MarqueeError } from '@marquee/errors';
import type { Fence } from './fence.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Longest operation id in UTF-8 bytes, scope included: it is part of an index entry. */
export const OPERATION_ID_MAX_BYTES = 256;

/** The UUIDv7 of a scoped operation id (`handle/uuid`, or the UUID alone), in lower case. */
export const uuidOf = (operationId: string): string =>
  operationId.slice(operationId.lastIndexOf('/') + 1).toLowerCase();

/**
 * The UUIDv7 of a moment, its random part taken from any other UUID: with one of zeros every UUIDv7 made
 * before that moment is lower.
 */
export const uuidV7 = (atMs: number, randomUuid: string): string => {
  const time = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUuid.slice(15)}`;
};

/** @throws BAD_USER_INPUT if the id does not end in a UUIDv7 or is too long. */
export const checkOperationId = (operationId: string): void => {
  const fits = Buffer.byteLength(operationId, 'utf8') <= OPERATION_ID_MAX_BYTES;
  if (fits && UUID_V7.test(uuidOf(operationId))) return;
  throw new MarqueeError('BAD_USER_INPUT', { argument: 'operationId', expected: 'a UUIDv7' });
};

/**
 * Whether the records that knew this operation may have been purged. UUIDv7s compare as strings in
 * the order in which they were made; no clock is asked.
 */
export const isForgotten = (operationId: string, fence: Fence): boolean =>
  uuidOf(operationId) < fence.refuseIdsBefore;
