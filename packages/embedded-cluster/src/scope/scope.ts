/*
 * Everything that the engine accepts, in one place. The compilers key their implementations by these
 * names, so that a name without an implementation does not compile, and whatever is not listed is
 * refused with MongoDB's own code. Widening the engine starts here.
 */

export const COMMANDS = [
  'hello',
  'ping',
  'buildInfo',
  'connectionStatus',
  'collStats',
  'dbStats',
  'getCmdLineOpts',
  'getLog',
  'getParameter',
  'hostInfo',
  'serverStatus',
  'replSetGetConfig',
  'replSetGetStatus',
  'whatsmyuri',
  'startSession',
  'refreshSessions',
  'endSessions',
  'killSessions',
  'killAllSessions',
  'find',
  'getMore',
  'killCursors',
  'count',
  'distinct',
  'aggregate',
  'explain',
  'insert',
  'update',
  'delete',
  'findAndModify',
  'commitTransaction',
  'abortTransaction',
  'create',
  'drop',
  'dropDatabase',
  'listCollections',
  'listDatabases',
  'createIndexes',
  'listIndexes',
  'dropIndexes',
] as const;

/** There only where the cluster was started with test commands. */
export const TEST_COMMANDS = ['configureFailPoint', 'marqueeElection'] as const;

/** What an index may be; with `key` and `name` that is all, and everything else is refused. */
export const INDEX_OPTIONS = ['unique', 'sparse', 'partialFilterExpression', 'hidden'] as const;

/** What `partialFilterExpression` may hold, as in MongoDB: what can be implied by a query. */
export const PARTIAL_FILTER_OPERATORS = [
  '$and',
  '$or',
  '$in',
  '$eq',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$exists',
  '$type',
] as const;

export const LOGICAL_FILTER_OPERATORS = ['$and', '$or', '$nor', '$expr', '$comment'] as const;

export const FIELD_FILTER_OPERATORS = [
  '$eq',
  '$ne',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$in',
  '$nin',
  '$not',
  '$exists',
  '$type',
  '$regex',
  '$options',
  '$mod',
  '$size',
  '$all',
  '$elemMatch',
  '$bitsAllSet',
  '$bitsAnySet',
  '$bitsAllClear',
  '$bitsAnyClear',
] as const;

export const UPDATE_OPERATORS = [
  '$set',
  '$unset',
  '$inc',
  '$mul',
  '$min',
  '$max',
  '$rename',
  '$currentDate',
  '$push',
  '$addToSet',
  '$pop',
  '$pull',
  '$pullAll',
  '$bit',
  '$setOnInsert',
] as const;

export const PUSH_MODIFIERS = ['$each', '$slice', '$sort', '$position'] as const;

/** Operators of a find's projection; `field.$` is the fourth, a path and no operator. */
export const PROJECTION_OPERATORS = ['$slice', '$elemMatch'] as const;

export const EXPRESSIONS = [
  '$literal',
  '$add',
  '$subtract',
  '$multiply',
  '$divide',
  '$eq',
  '$ne',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$cmp',
  '$and',
  '$or',
  '$not',
  '$cond',
  '$ifNull',
  '$size',
  '$in',
  '$arrayElemAt',
  '$concat',
  '$toLower',
  '$toUpper',
  '$getField',
  '$setField',
  '$rand',
] as const;

/** `$$NAME` of an expression. */
export const VARIABLES = ['ROOT', 'CURRENT', 'REMOVE'] as const;

export const AGGREGATION_STAGES = [
  '$match',
  '$sort',
  '$limit',
  '$skip',
  '$project',
  '$addFields',
  '$set',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
  '$group',
  '$unwind',
  '$count',
] as const;

/** Stages that ask the member itself, so that they come first in an aggregate of no collection. */
export const SERVER_STAGES = ['$listLocalSessions'] as const;

/** Stages of an update that is a pipeline. */
export const UPDATE_STAGES = [
  '$set',
  '$addFields',
  '$unset',
  '$project',
  '$replaceRoot',
  '$replaceWith',
] as const;

export const ACCUMULATORS = [
  '$sum',
  '$avg',
  '$min',
  '$max',
  '$first',
  '$last',
  '$push',
  '$addToSet',
  '$count',
] as const;

export type ExpressionName = (typeof EXPRESSIONS)[number];
export type AggregationStage = (typeof AGGREGATION_STAGES)[number];
export type AccumulatorName = (typeof ACCUMULATORS)[number];
export type UpdateOperator = (typeof UPDATE_OPERATORS)[number];
export type LogicalFilterOperator = (typeof LOGICAL_FILTER_OPERATORS)[number];
export type FieldFilterOperator = (typeof FIELD_FILTER_OPERATORS)[number];

/** Narrows a name that a client sent to one that a table lists. */
export const isListed = <Name extends string>(table: readonly Name[], name: string): name is Name =>
  (table as readonly string[]).includes(name);
