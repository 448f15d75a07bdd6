import { CATALOGUE, type ErrorCode } from './catalogue.ts';
import { codeOf, type ErrorFacts } from './marquee-error.ts';

/** RFC 9457 problem document, as the NameNode and every service's HTTP side answer errors. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly retryable: boolean;
  readonly facts?: ErrorFacts;
  readonly requestId?: string;
}

/**
 * Turns anything thrown into a problem document. What is not a failure of the catalogue becomes
 * INTERNAL without its message: internal texts stay in the log.
 */
export const toProblem = (error: unknown, requestId?: string): Problem => {
  const code = codeOf(error) ?? 'INTERNAL';
  const { httpStatus, retryable, meaning } = CATALOGUE[code];
  const known =
    code === 'INTERNAL' ? undefined : (error as { message: string; facts?: ErrorFacts });
  return {
    type: `urn:marquee:error:${code}`,
    title: meaning,
    status: httpStatus,
    code,
    detail: known?.message ?? meaning,
    retryable,
    ...(known?.facts && Object.keys(known.facts).length > 0 ? { facts: known.facts } : {}),
    ...(requestId === undefined ? {} : { requestId }),
  };
};
