/**
 * - `conflict`: another transaction has written, or is writing, the same key;
 * - `no-transaction`: the server does not know the transaction (any more);
 * - `duplicate-key`: a unique key is taken;
 * - `connection-lost`: no answer, whatever has happened.
 */
export type ServerErrorKind = 'conflict' | 'no-transaction' | 'duplicate-key' | 'connection-lost';

const DUPLICATE_KEY = 11_000;

/** An error as the driver would throw it, by the one property that the protocol may look at. */
export class ServerError extends Error {
  readonly kind: ServerErrorKind;
  /** MongoDB's code, where the protocol looks at it. */
  readonly code: number | undefined;

  constructor(kind: ServerErrorKind, what: string) {
    super(`${kind}: ${what}`);
    this.name = 'ServerError';
    this.kind = kind;
    this.code = kind === 'duplicate-key' ? DUPLICATE_KEY : undefined;
  }
}

export const isServerError = (error: unknown, ...kinds: ServerErrorKind[]): boolean =>
  error instanceof ServerError && kinds.includes(error.kind);
