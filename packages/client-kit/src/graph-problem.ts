import type { ErrorCode } from '@marquee/errors';

/** The graph could not be asked at all, or answered something that is not GraphQL. */
export type ClientCode = 'UNREACHABLE';

export type ProblemCode = ErrorCode | ClientCode;

/** One error of an answer, reduced to what a page can act on. */
export interface GraphProblem {
  /** A code of the catalogue; INTERNAL for one that this client does not know. */
  readonly code: ProblemCode;
  /** Where in the data the error left a hole, e.g. `movie.credits`; empty for the whole answer. */
  readonly path: string;
  /** The argument that is malformed, if the graph named one. */
  readonly argument?: string;
}

export const hasProblem = (problems: readonly GraphProblem[], code: ProblemCode): boolean =>
  problems.some((problem) => problem.code === code);
