import { badArgument } from './arguments.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * How far ahead of our clock the time in an operation id may be: a client's clock may be wrong, but
 * the record of an id from next year would be kept until then.
 */
export const OPERATION_ID_AHEAD_MAX_MS = 24 * 60 * 60 * 1000;

export interface OperationIdSource {
  readonly now: () => number;
  /** So many random bytes. */
  readonly randomBytes: (size: number) => Uint8Array;
}

/** A UUIDv7 (RFC 9562): the time in milliseconds, then random bits. */
export const newOperationId = ({ now, randomBytes }: OperationIdSource): string => {
  const bytes = Buffer.alloc(16);
  bytes.set(randomBytes(10), 6);
  bytes.writeUIntBE(now(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

/** When the id was made, by the clock of whoever made it, in Unix milliseconds. */
export const operationIdTimeMs = (operationId: string): number =>
  Number.parseInt(operationId.replaceAll('-', '').slice(0, 12), 16);

/**
 * The caller's operation id in canonical form. Version 7 only: records are purged by the time in
 * their ids, and only that version has one.
 *
 * @throws BAD_USER_INPUT
 */
export const parseOperationId = (given: string, nowMs: number): string => {
  const operationId = given.toLowerCase();
  if (!UUID_V7.test(operationId)) throw badArgument('operationId', 'a UUID of version 7');
  if (operationIdTimeMs(operationId) > nowMs + OPERATION_ID_AHEAD_MAX_MS) {
    throw badArgument('operationId', 'a UUID of version 7 that was not made in the future');
  }
  return operationId;
};
