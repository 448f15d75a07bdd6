/** What one error code promises to whoever receives it. */
export interface CatalogueEntry {
  /** The HTTP status that the code maps to wherever it leaves a process by HTTP. */
  readonly httpStatus: number;
  /** Whether the same request may succeed later without being changed. */
  readonly retryable: boolean;
  /** One sentence for the person who reads it in the documentation. */
  readonly meaning: string;
}

/**
 * Every error code of Marquee, the only list there is: the GraphQL `extensions.code`, the NameNode's
 * problem documents and the services among themselves use these and no others. `docs/errors.md` is
 * compared with it by a test.
 */
export const CATALOGUE = {
  BAD_USER_INPUT: {
    httpStatus: 400,
    retryable: false,
    meaning: 'An argument is malformed; `argument` names it.',
  },
  GRAPHQL_PARSE_FAILED: {
    httpStatus: 400,
    retryable: false,
    meaning: 'The document is not GraphQL, or exceeds the limit of tokens.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    httpStatus: 400,
    retryable: false,
    meaning: 'The operation does not fit the schema or exceeds a limit on its shape.',
  },
  INVALID_CURSOR: {
    httpStatus: 400,
    retryable: false,
    meaning: 'A cursor was not issued by this graph, or belongs to another query.',
  },
  KEY_INVALID: {
    httpStatus: 400,
    retryable: false,
    meaning: 'A key is not a string of 1 to 512 bytes in the alphabet of its collection.',
  },
  UNKNOWN_COLLECTION: {
    httpStatus: 404,
    retryable: false,
    meaning: 'There is no collection of that name.',
  },
  NOT_FOUND: { httpStatus: 404, retryable: false, meaning: 'There is nothing at that address.' },
  UNAUTHENTICATED: {
    httpStatus: 401,
    retryable: false,
    meaning: 'A credential is missing, wrong or out of date; sign in (again).',
  },
  FORBIDDEN: {
    httpStatus: 403,
    retryable: false,
    meaning: 'The credential is good, but does not allow this.',
  },
  VERSION_CONFLICT: {
    httpStatus: 412,
    retryable: false,
    meaning: 'The object was changed since the version that the request names.',
  },
  OPERATION_ID_REUSED: {
    httpStatus: 409,
    retryable: false,
    meaning: 'The operation id was used before with another payload.',
  },
  OPERATION_ID_EXPIRED: {
    httpStatus: 409,
    retryable: false,
    meaning: 'The operation id is older than the records that could tell whether it ran.',
  },
  SHARD_BUSY: {
    httpStatus: 409,
    retryable: true,
    meaning: 'Another operation is under way in a shard that this one needs; `operation` names it.',
  },
  ALREADY_THERE: {
    httpStatus: 409,
    retryable: false,
    meaning:
      'It is so already: the shard has these slots, the cluster this part, the name is taken.',
  },
  LAST_SHARD: {
    httpStatus: 409,
    retryable: false,
    meaning: 'A deployment keeps at least one shard, with somewhere for its slots to go.',
  },
  SHARD_NOT_EMPTY: {
    httpStatus: 409,
    retryable: false,
    meaning: 'A shard that has slots cannot be removed; drain it first.',
  },
  NOT_IN_SYNC: {
    httpStatus: 409,
    retryable: false,
    meaning: 'No cluster, or not the one named, holds everything that the operation needs.',
  },
  OPERATION_ENDED: {
    httpStatus: 409,
    retryable: false,
    meaning: 'The operation has come to its end, and cannot be cancelled any more.',
  },
  CLUSTER_REFUSED: {
    httpStatus: 409,
    retryable: false,
    meaning: "A cluster is not this deployment's to use: its stamp says whose it is.",
  },
  PROTOCOL_UNSUPPORTED: {
    httpStatus: 500,
    retryable: false,
    meaning: 'A cluster is used by software of another version of the slot protocol.',
  },
  REBUILD_IMPOSSIBLE: {
    httpStatus: 409,
    retryable: false,
    meaning:
      'The fences do not tell who owns what: a cluster is silent, strange, or knows too little.',
  },
  CLUSTER_UNREACHABLE: {
    httpStatus: 503,
    retryable: true,
    meaning: 'A cluster that the request needs does not answer.',
  },
  DOCUMENT_TOO_LARGE: {
    httpStatus: 413,
    retryable: false,
    meaning: 'A document would exceed the size that MongoDB allows.',
  },
  RATE_LIMITED: {
    httpStatus: 429,
    retryable: true,
    meaning: 'Too many attempts; try again after the time given.',
  },
  STALE_MAP: {
    httpStatus: 409,
    retryable: true,
    meaning:
      'The cluster is not, or no longer, what the shard map says; refresh the map and retry.',
  },
  WRITE_OUTCOME_UNKNOWN: {
    httpStatus: 503,
    retryable: true,
    meaning:
      'The deadline passed before the write was acknowledged; retry with the same operation id.',
  },
  DEADLINE_EXCEEDED: {
    httpStatus: 504,
    retryable: true,
    meaning: 'No answer came within the deadline.',
  },
  SHARD_UNAVAILABLE: {
    httpStatus: 503,
    retryable: true,
    meaning: 'No cluster of the shard that holds the data can be reached.',
  },
  NAMENODE_UNAVAILABLE: {
    httpStatus: 503,
    retryable: true,
    meaning: 'No NameNode answered and there is no shard map that may still be used.',
  },
  METADATA_UNAVAILABLE: {
    httpStatus: 503,
    retryable: true,
    meaning: 'The metadata cluster cannot be reached; the directory cannot be changed.',
  },
  SUBGRAPH_UNAVAILABLE: {
    httpStatus: 503,
    retryable: true,
    meaning: 'A subgraph did not answer; the fields it serves are null.',
  },
  NOT_READY: { httpStatus: 503, retryable: true, meaning: 'The service is starting or draining.' },
  OVERLOADED: {
    httpStatus: 503,
    retryable: true,
    meaning: 'A bounded queue is full; back off and retry.',
  },
  CLUSTER_UNKNOWN: {
    httpStatus: 500,
    retryable: true,
    meaning: 'The shard map names a cluster that this process has no address for.',
  },
  CONFIGURATION_INVALID: {
    httpStatus: 500,
    retryable: false,
    meaning: 'A configuration value is missing or malformed; the message names the variable.',
  },
  INTERNAL: {
    httpStatus: 500,
    retryable: false,
    meaning: 'A bug. The message says no more; the log, found by the request id, does.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof CATALOGUE;

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(CATALOGUE, value);
