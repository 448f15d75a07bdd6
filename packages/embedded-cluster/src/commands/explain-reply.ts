import { describeDocument } from '../documents/describe-value.ts';
import { type Document, documentOf } from '../documents/value.ts';
import type { Plan } from '../planner/plan.ts';
import { Query, type QueryRequest } from '../planner/query.ts';
import type { Collection } from '../storage/catalog.ts';
import type { ReadView } from '../storage/view.ts';
import type { CommandContext } from './command.ts';

export interface Explained {
  readonly namespace: string;
  /** The command that is explained. */
  readonly command: Document;
  readonly request: (collection: Collection) => QueryRequest;
  /** The query is run as well, and what it looked at is counted. */
  readonly withStatistics: boolean;
}

/** Good enough to say which index answers, and how much was looked at. */
export const explainReply = async (
  context: CommandContext,
  view: ReadView,
  { namespace, command, request, withStatistics }: Explained,
): Promise<Document> => {
  const collection = view.catalog.get(namespace);
  const asked = collection && request(collection);
  const query = asked && new Query(view, collection, asked);
  const reply = documentOf({
    explainVersion: '1',
    queryPlanner: {
      namespace,
      parsedQuery: asked?.filter.source ?? {},
      winningPlan: query ? describePlan(query.plan, asked.filter.source) : { stage: 'EOF' },
      rejectedPlans: [],
    },
    command,
  });
  if (withStatistics) {
    const returned = (await query?.count(view, context.operation)) ?? 0;
    reply.set(
      'executionStats',
      documentOf({
        executionSuccess: true,
        nReturned: returned,
        totalKeysExamined: query?.scan.keysExamined ?? 0,
        totalDocsExamined: query?.scan.documentsExamined ?? 0,
      }),
    );
  }
  reply.set('serverInfo', documentOf({ host: context.cluster.address, version: '7.0.0' }));
  return reply;
};

const describePlan = (plan: Plan, filter: Document): Document => {
  const access =
    plan.stage === 'COLLSCAN'
      ? documentOf({ stage: 'COLLSCAN', filter, direction: plan.reverse ? 'backward' : 'forward' })
      : documentOf({
          stage: 'FETCH',
          filter,
          inputStage: {
            stage: 'IXSCAN',
            keyPattern: plan.index.key,
            indexName: plan.index.name,
            isMultiKey: plan.repeats,
            isUnique: plan.index.unique,
            isSparse: plan.index.sparse,
            isPartial: plan.index.partialFilter !== undefined,
            direction: plan.reverse ? 'backward' : 'forward',
            indexBounds: {
              fields: plan.bounds.boundFields,
              ranges: plan.ranges.length,
              on: describeDocument(plan.index.key),
            },
          },
        });
  return plan.providesSort ? access : documentOf({ stage: 'SORT', inputStage: access });
};
