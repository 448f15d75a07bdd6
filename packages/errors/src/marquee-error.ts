import { CATALOGUE, isErrorCode, type ErrorCode } from './catalogue.ts';

/** Facts about a failure: small, printable, and free of secrets and internal addresses. */
export type ErrorFacts = Readonly<Record<string, unknown>>;

/**
 * The one error of Marquee: a code of the catalogue with its facts.
 *
 * The message is for people and may change; code branches on `code` (see `hasCode`), also across
 * packages and processes, where `instanceof` does not hold.
 */
export class MarqueeError extends Error {
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(
    code: ErrorCode,
    facts: ErrorFacts = {},
    options: { message?: string; cause?: unknown } = {},
  ) {
    super(
      options.message ?? CATALOGUE[code].meaning,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'MarqueeError';
    this.code = code;
    this.facts = facts;
  }

  get httpStatus(): number {
    return CATALOGUE[this.code].httpStatus;
  }

  get retryable(): boolean {
    return CATALOGUE[this.code].retryable;
  }
}

/** The code of the catalogue that `error` carries, or undefined for anything else that was thrown. */
export const codeOf = (error: unknown): ErrorCode | undefined => {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return isErrorCode(error.code) ? error.code : undefined;
};

/** Whether `error` is a failure of one of these kinds, wherever it was made. */
export const hasCode = (error: unknown, ...codes: readonly ErrorCode[]): error is MarqueeError => {
  const code = codeOf(error);
  return code !== undefined && codes.includes(code);
};
