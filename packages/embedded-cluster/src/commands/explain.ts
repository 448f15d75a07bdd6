import { CommandError } from '../command-error.ts';
import { describeDocument } from '../documents/describe-value.ts';
import { type Document, documentOf, isDocument } from '../documents/value.ts';
import { Query } from '../planner/query.ts';
import type { Plan } from '../planner/plan.ts';
import type { Command, CommandContext } from './command.ts';
import { EMPTY_DOCUMENT, countArgument, documentArgument } from './arguments.ts';
import { findRequest } from './find.ts';
import { compileFilter } from '../documents/filter.ts';
import { withReadView } from './read-view.ts';
import { hintOf } from './statements.ts';

/** Good enough to say which index answers, and how much was looked at. */
export const explain: Command = {
  name: 'explain',
  kind: 'read',
  fields: ['verbosity'],
  run: (context) =>
    withReadView(context, async (view) => {
      const explained = context.body.get('explain');
      if (!isDocument(explained))
        throw new CommandError('TypeMismatch', 'explain must be a command');
      const kind = explained.keys().next().value ?? '';
      const name = explained.values().next().value;
      const inner: CommandContext = { ...context, name: kind, body: explained };
      const namespace = `${context.database}.${typeof name === 'string' ? name : ''}`;
      const collection = view.catalog.get(namespace);
      const request = requestOf(inner);
      if (!collection) {
        return documentOf({
          explainVersion: '1',
          queryPlanner: {
            namespace,
            parsedQuery: {},
            winningPlan: { stage: 'EOF' },
            rejectedPlans: [],
          },
          command: explained,
        });
      }
      const asked = request(collection);
      const query = new Query(view, collection, asked);
      const reply = documentOf({
        explainVersion: '1',
        queryPlanner: {
          namespace,
          parsedQuery: asked.filter.source,
          winningPlan: describePlan(query.plan, asked.filter.source),
          rejectedPlans: [],
        },
        command: explained,
      });
      if (context.body.get('verbosity') !== 'queryPlanner') {
        const returned = await query.count(view, context.operation);
        reply.set(
          'executionStats',
          documentOf({
            executionSuccess: true,
            nReturned: returned,
            totalKeysExamined: query.scan.keysExamined,
            totalDocsExamined: query.scan.documentsExamined,
          }),
        );
      }
      reply.set('serverInfo', documentOf({ host: context.cluster.address, version: '7.0.0' }));
      return reply;
    }),
};

const requestOf = (inner: CommandContext): ReturnType<typeof findRequest> => {
  switch (inner.name) {
    case 'find':
      return findRequest(inner);
    case 'count':
    case 'distinct':
    case 'findAndModify': {
      const filter = compileFilter(documentArgument(inner, 'query') ?? EMPTY_DOCUMENT);
      const hint = hintOf(inner.body.get('hint'));
      const skip = inner.name === 'count' ? (countArgument(inner, 'skip') ?? 0) : 0;
      return (collection) => ({ filter, skip, hint: hint?.(collection) });
    }
    case 'update':
    case 'delete': {
      const statements = inner.body.get(inner.name === 'update' ? 'updates' : 'deletes');
      const [statement] = Array.isArray(statements) ? statements : [];
      const filter = isDocument(statement) ? statement.get('q') : undefined;
      const compiled = compileFilter(isDocument(filter) ? filter : EMPTY_DOCUMENT);
      return () => ({ filter: compiled });
    }
    default:
      throw new CommandError(
        'CommandNotSupported',
        `Explain failed due to unknown command: ${inner.name}`,
      );
  }
};

export const describePlan = (plan: Plan, filter: Document): Document => {
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
