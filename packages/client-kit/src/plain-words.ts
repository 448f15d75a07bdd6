import type { GraphProblem, ProblemCode } from './graph-problem.ts';

const SOON = 'Please try again in a moment.';

/** A code added to the catalogue does not compile until it has words here. */
const WORDS: Readonly<Record<ProblemCode, string>> = {
  UNREACHABLE: `Marquee cannot be reached. Check your connection. ${SOON}`,
  BAD_USER_INPUT: 'Something that was entered cannot be used.',
  GRAPHQL_PARSE_FAILED: 'This page asked in a way the graph does not understand. Reload the page.',
  GRAPHQL_VALIDATION_FAILED: 'This page is out of step with the graph. Reload the page.',
  INVALID_CURSOR: 'This page of the list is no longer valid. Begin again from the first page.',
  KEY_INVALID: 'That id is not one that can exist here.',
  UNKNOWN_COLLECTION: 'There is no collection of that name.',
  NOT_FOUND: 'There is nothing at that address.',
  UNAUTHENTICATED: 'You need to sign in (again) to do this.',
  FORBIDDEN: 'You are signed in, but you are not allowed to do this.',
  VERSION_CONFLICT: 'Somebody else changed this in the meantime.',
  OPERATION_ID_REUSED: 'This was sent before with other contents. Change something and save again.',
  OPERATION_ID_EXPIRED: 'This was first sent too long ago. Reload the page to see how things are.',
  SHARD_BUSY: `Something else is being done to that part of the data. ${SOON}`,
  ALREADY_THERE: 'It is so already.',
  LAST_SHARD: 'The last part of the data cannot be taken away.',
  SHARD_NOT_EMPTY: 'That part of the data still holds something.',
  NOT_IN_SYNC: 'No copy of the data is complete enough for that.',
  OPERATION_ENDED: 'That has come to its end already.',
  CLUSTER_REFUSED: 'That cluster belongs to somebody else.',
  PROTOCOL_UNSUPPORTED: 'The data is kept by another version of Marquee.',
  REBUILD_IMPOSSIBLE: 'Who keeps what cannot be told.',
  CLUSTER_UNREACHABLE: `A part of the data cannot be reached. ${SOON}`,
  DOCUMENT_TOO_LARGE: 'That is more than can be stored in one piece.',
  RATE_LIMITED: `Too many attempts. ${SOON}`,
  STALE_MAP: `The data is being moved just now. ${SOON}`,
  WRITE_OUTCOME_UNKNOWN:
    'The change may or may not have been saved. Try again: it is never made twice.',
  DEADLINE_EXCEEDED: `The answer took too long. ${SOON}`,
  SHARD_UNAVAILABLE: `The part of the data that holds this cannot be reached. ${SOON}`,
  NAMENODE_UNAVAILABLE: `The directory of the data cannot be reached. ${SOON}`,
  METADATA_UNAVAILABLE: `The directory of the data cannot be changed just now. ${SOON}`,
  SUBGRAPH_UNAVAILABLE: `A part of the graph does not answer. ${SOON}`,
  NOT_READY: `Marquee is starting. ${SOON}`,
  OVERLOADED: `Marquee is very busy. ${SOON}`,
  CLUSTER_UNKNOWN: `A part of the data cannot be found just now. ${SOON}`,
  CONFIGURATION_INVALID: 'Marquee is not set up correctly.',
  INTERNAL: 'Something went wrong on our side.',
};

export const isProblemCode = (value: unknown): value is ProblemCode =>
  typeof value === 'string' && Object.hasOwn(WORDS, value);

/** What happened, for somebody who has never heard of codes. */
export const inPlainWords = (problem: GraphProblem): string =>
  problem.argument === undefined
    ? WORDS[problem.code]
    : `${WORDS[problem.code]} (It is about “${problem.argument}”.)`;

/** Each thing that happened once, however many fields it befell. */
export const allInPlainWords = (problems: readonly GraphProblem[]): readonly string[] => [
  ...new Set(problems.map(inPlainWords)),
];
