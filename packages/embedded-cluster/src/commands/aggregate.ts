import { UUID } from 'bson';
import { CommandError, failedToParse, typeMismatch } from '../command-error.ts';
import { compilePipeline, type Pipeline, runPipeline } from '../documents/aggregation/pipeline.ts';
import { decode, decodeFields, encode } from '../documents/codec.ts';
import { compileFilter } from '../documents/filter.ts';
import { compileSort } from '../documents/sort.ts';
import {
  type Document,
  documentOf,
  isDocument,
  isNumber,
  isTruthy,
  type Value,
} from '../documents/value.ts';
import { Query, type QueryRequest, SORT_MAX_BYTES } from '../planner/query.ts';
import { isListed, SERVER_STAGES } from '../scope/scope.ts';
import type { Collection } from '../storage/catalog.ts';
import type { ReadView } from '../storage/view.ts';
import { beyondApi } from './api-version.ts';
import { arrayArgument, flagArgument, refuseCollation } from './arguments.ts';
import { batchSizeOf } from './collections.ts';
import type { Command, CommandContext } from './command.ts';
import { type FirstBatch, firstBatchReply, sourceOf } from './cursor-replies.ts';
import { explainReply } from './explain-reply.ts';
import { atClusterTime, querySource } from './find.ts';
import { withReadView } from './read-view.ts';
import { hintOf } from './statements.ts';
import { variablesOf } from './variables.ts';

export const aggregate: Command = {
  name: 'aggregate',
  kind: 'read',
  readConcerns: 'all',
  inTransaction: true,
  fields: [
    'pipeline',
    'cursor',
    'explain',
    'allowDiskUse',
    'bypassDocumentValidation',
    'collation',
    'hint',
    'let',
    'isMapReduceCommand',
  ],
  run: (context) =>
    withReadView(context, async (view) => {
      const stages = stagesOf(context);
      if (flagArgument(context, 'explain')) {
        return await explainReply(context, view, {
          namespace: namespaceOf(context),
          command: context.body,
          request: aggregateRequest(context),
          withStatistics: false,
        });
      }
      if (!isDocument(context.body.get('cursor'))) {
        throw failedToParse(
          "The 'cursor' option is required, except for aggregate with the explain argument",
        );
      }
      const server = ofServer(context, stages);
      if (server) return await firstBatchReply(context, server);
      const pipeline = compilePipeline(stages, variablesOf(context));
      const request = requestOf(context, pipeline);
      const namespace = namespaceOf(context);
      const collection = view.catalog.get(namespace);
      const query = collection && new Query(view, collection, request(collection));
      return await firstBatchReply(context, {
        namespace,
        source:
          query && pipeline.isQuery
            ? querySource(context, view, collection, query)
            : sourceOf(await run(context, view, pipeline, query)),
        batchSize: batchSizeOf(context),
        ...atClusterTime(context),
      });
    }),
};

/** What the first stage says of the member itself, where it is one that does. */
const ofServer = (
  context: CommandContext,
  [first, ...rest]: readonly Value[],
): FirstBatch | undefined => {
  const name = isDocument(first) ? (first.keys().next().value ?? '') : '';
  if (!isListed(SERVER_STAGES, name) || !isNumber(context.body.get('aggregate'))) return undefined;
  if (isTruthy(context.body.get('apiStrict'))) throw beyondApi(`stage ${name}`);
  return {
    namespace: `${context.database}.$cmd.aggregate`,
    source: sourceOf(runPipeline(rest, SERVER_SOURCES[name](context)).map(encode)),
    batchSize: batchSizeOf(context),
  };
};

const SERVER_SOURCES: Record<
  (typeof SERVER_STAGES)[number],
  (context: CommandContext) => Document[]
> = {
  $listLocalSessions: ({ cluster }) =>
    [...cluster.sessions.all()].map(({ id, lastUsedMs }) =>
      documentOf({ _id: { id: new UUID(id) }, lastUse: new Date(lastUsedMs) }),
    ),
};

const namespaceOf = (context: CommandContext): string => {
  const target = context.body.get('aggregate');
  if (typeof target === 'string' && target !== '') return `${context.database}.${target}`;
  if (isNumber(target)) {
    throw new CommandError(
      'InvalidNamespace',
      "{aggregate: 1} is not valid for '$match'; a collection is required.",
    );
  }
  throw new CommandError('InvalidNamespace', `Invalid namespace specified '${context.database}.'`);
};

const stagesOf = (context: CommandContext): readonly Value[] => {
  refuseCollation(context.body.get('collation'));
  const stages = arrayArgument(context, 'pipeline');
  if (!stages) throw typeMismatch("'pipeline' option must be specified as an array");
  return stages;
};

/** What the pipeline's first stages ask of the collection. */
export const aggregateRequest = (
  context: CommandContext,
): ((collection: Collection) => QueryRequest) =>
  requestOf(context, compilePipeline(stagesOf(context), variablesOf(context)));

const requestOf = (
  context: CommandContext,
  { leading }: Pipeline,
): ((collection: Collection) => QueryRequest) => {
  const filter = compileFilter(leading.filter, variablesOf(context));
  const sort = leading.sort && compileSort(leading.sort);
  const hint = hintOf(context.body.get('hint'));
  return (collection) => ({
    filter,
    sort: sort && sort.fields.length > 0 ? sort : undefined,
    skip: leading.skip ?? 0,
    limit: leading.limit ?? 0,
    hint: hint?.(collection),
  });
};

const NO_FIELDS: Document = new Map();

/** What is asked of a record: all of it, where nobody says which fields. */
const read = (bytes: Uint8Array, fields: ReadonlySet<string> | undefined): Document => {
  if (fields === undefined) return decode(bytes);
  return fields.size === 0 ? NO_FIELDS : decodeFields(bytes, fields);
};

/** Runs all stages; the results are held, at most as much as a sort may hold. */
const run = async (
  context: CommandContext,
  view: ReadView,
  pipeline: Pipeline,
  query: Query | undefined,
): Promise<Uint8Array[]> => {
  const results: Uint8Array[] = [];
  let heldBytes = 0;
  const started = pipeline.start((document) => {
    const bytes = encode(document);
    heldBytes += bytes.length;
    if (heldBytes > SORT_MAX_BYTES) throw tooLarge();
    results.push(bytes);
  });
  if (query) {
    await query.each(view, context.operation, ({ document, bytes }) =>
      started.push(document ?? read(bytes, pipeline.fields)),
    );
  }
  started.finish();
  return results;
};

const tooLarge = (): CommandError =>
  new CommandError(
    292,
    `The results of the pipeline exceed ${SORT_MAX_BYTES.toString()} bytes of memory`,
  );
