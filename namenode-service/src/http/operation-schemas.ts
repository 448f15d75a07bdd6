import { COLLECTIONS } from '@marquee/topology';
import { z } from 'zod';
import { OperationPlanSchema, QuarantineReason } from '../directory/edit.ts';
import { MaintenancePlan } from '../operations/maintenance-plan.ts';
import { OrderRequest } from '../operations/order-request.ts';

export const OPERATIONS_PAGE_DEFAULT = 20;
export const OPERATIONS_PAGE_MAX = 100;

export const OrderQuery = z.object({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Answers what would be done, and does nothing'),
});

/** Of every mutation: whoever decided by what it saw can have it refused if that has changed since. */
export const MutationHeaders = z.looseObject({
  'if-match': z
    .string()
    .max(32)
    .optional()
    .describe('The version of the directory that the request was made for, as an ETag'),
});

/** Of mutations that order an operation, which nobody wants twice because an answer was lost. */
export const OrderHeaders = MutationHeaders.extend({
  'idempotency-key': z
    .string()
    .min(8)
    .max(128)
    .optional()
    .describe('The same key again answers the first order, and orders nothing'),
});

export const OrderBody = OrderRequest.meta({ id: 'Order' });

const Plan = z.discriminatedUnion('kind', [
  ...OperationPlanSchema.options,
  ...MaintenancePlan.options,
]);

const Finding = z
  .object({
    kind: z.enum([
      'misplaced',
      'unslotted',
      'orphaned',
      'diverged',
      'wrong-counts',
      'wrong-fence',
      'second-owner',
      'left-over-job',
      'unchecked',
    ]),
    cluster: z.string(),
    shard: z.string().exactOptional(),
    slot: z.int().exactOptional(),
    collection: z.enum(COLLECTIONS).exactOptional(),
    id: z.string().exactOptional(),
  })
  .meta({ id: 'Finding' });

export const Findings = z.object({
  findings: z.array(Finding).readonly(),
  more: z.boolean().describe('There are more than are told'),
});

export const Operation = z
  .object({
    id: z.string(),
    plan: Plan,
    status: z.enum(['queued', 'running', 'completed', 'undone']),
    by: z.string(),
    why: z.string(),
    orderedAtMs: z.number(),
    endedAtMs: z.number().nullable(),
    outcome: z.string().nullable(),
    steps: z
      .array(
        z.object({
          atMs: z.number(),
          what: z.string(),
          progress: z.object({ done: z.number(), total: z.number() }).exactOptional(),
        }),
      )
      .readonly(),
    report: z
      .array(z.object({ finding: Finding, isMended: z.boolean(), action: z.string() }))
      .readonly()
      .exactOptional()
      .describe('Of a repair: every finding, and what was done about it'),
    cancelRequested: z.boolean(),
  })
  .meta({ id: 'Operation' });

const LogEnd = z.object({ epoch: z.int(), sequence: z.int() });

const Loss = z
  .object({
    slots: z
      .array(
        z.object({ slot: z.int(), target: LogEnd, known: LogEnd.extend({ cluster: z.string() }) }),
      )
      .readonly()
      .describe('Slots in which another cluster is further than the one that is to be the owner'),
    operations: z.int().describe('Operations that are lost, at least'),
    silent: z
      .array(z.string())
      .readonly()
      .describe('They did not answer: what only they have is lost too'),
  })
  .meta({ id: 'Loss' });

export const DryRun = z.object({
  dryRun: z.literal(true),
  plan: Plan,
  loss: Loss.exactOptional().describe('Of an unclean failover'),
});

export const OperationList = z.object({
  operations: z.array(Operation),
  next: z.string().nullable().describe('`before` of the next page; null at the end'),
});

export const OperationsQuery = z.object({
  before: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(OPERATIONS_PAGE_MAX).default(OPERATIONS_PAGE_DEFAULT),
});

export const OperationParams = z.object({ id: z.string().max(64) });

export const AutomationBody = z.object({
  status: z.enum(['active', 'paused']),
  why: z.string().max(500).default('ordered by a person'),
});

export const Automation = z.object({ status: z.enum(['active', 'paused']), version: z.int() });

export const ShardList = z.object({
  version: z.int(),
  leader: z.string().nullable(),
  automation: z.enum(['active', 'paused']),
  shards: z.array(
    z
      .object({
        name: z.string(),
        owner: z.string(),
        slots: z.int(),
        minInSync: z.int(),
        strongReadsOnly: z.boolean(),
        safeMode: z
          .enum(['waiting', 'held', 'over'])
          .nullable()
          .describe(
            'waiting: no promotable cluster has reported yet; held: a fence is newer than the edit log; ' +
              'null: this instance does not lead',
          ),
        busyWith: z.string().nullable().describe('The operation under way'),
        members: z.array(
          z.object({
            cluster: z.string(),
            status: z.enum(['in-sync', 'suspected', 'learner']),
            health: z.enum(['healthy', 'suspect', 'down']),
            quarantine: QuarantineReason.nullable().describe('Why nobody may use it'),
            lag: z.int().nullable().describe('Operations that it lacked when last compared'),
          }),
        ),
      })
      .meta({ id: 'Shard' }),
  ),
});
