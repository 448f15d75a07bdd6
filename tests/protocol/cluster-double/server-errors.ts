/**
 * - `conflict`: another transaction has written, or is writing, the same key;
 * - `no-transaction`: the server does not know the transaction (any more);
 * - `duplicate-key`: a unique key is taken;
 * - `connection-lost`: no answer, whatever has happened.
 */
export type ServerErrorKind = 'conflict' | 'no-transaction' | 'duplicate-key' | 'connection-lost';

/** An error as the driver would throw it, by the one property that the protocol may look at. */
export class ServerError extends Error {
  readonly kind: ServerErrorKind;

  constructor(kind: ServerErrorKind, what: string) {
    super(`${kind}: ${what}`);
    this.name = 'ServerError';
    this.kind = kind;
  }
}

export const isServerError = (error: unknown, ...kinds: ServerErrorKind[]): boolean =>
  error instanceof ServerError && kinds.includes(error.kind);
