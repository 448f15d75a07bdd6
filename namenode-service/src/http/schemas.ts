import { COLLECTIONS, SLOT_COUNT } from '@marquee/topology';
import { z } from 'zod';
import { Edit, QuarantineReason } from '../directory/edit.ts';

/** Keys of one request to locate many; more is two requests. */
export const LOCATE_MAX_KEYS = 1_000;

/** The longest time that a long poll may wait, well under what proxies allow. */
export const WAIT_MAX_MS = 30_000;

export const EDITS_PAGE_DEFAULT = 100;
export const EDITS_PAGE_MAX = 1_000;

/** Read by people in the OpenAPI document; `slotKeyOf` decides what a key is. */
const Key = z.string().describe('The document id, 1 to 512 bytes of UTF-8');
const Collection = z.string().describe(`One of ${COLLECTIONS.join(', ')}`);

const count = (maximum: number) => z.coerce.number().int().min(0).max(maximum);

export const LocateParams = z.object({ collection: Collection, key: Key });

export const LocateBody = z.object({
  keys: z.array(z.object({ collection: Collection, key: z.unknown() })).max(LOCATE_MAX_KEYS),
});

export const Location = z
  .object({
    collection: z.enum(COLLECTIONS),
    key: z.string(),
    slot: z
      .int()
      .min(0)
      .max(SLOT_COUNT - 1),
    shard: z.string(),
    owner: z.string().describe('The cluster that takes writes of the key'),
    replicas: z.array(z.string()).describe('Clusters that hold everything acknowledged as well'),
    epoch: z.int().describe('Number of the edit that decided the owner'),
    version: z.int().describe('Version of the shard map that this is taken from'),
  })
  .meta({ id: 'Location' });

export const Locations = z.object({ version: z.int(), locations: z.array(Location) });

export const ShardMapQuery = z.object({
  after: count(Number.MAX_SAFE_INTEGER).optional(),
  waitMs: count(WAIT_MAX_MS).default(0),
});

export const ShardMapBody = z
  .object({
    deployment: z.string(),
    version: z.int(),
    shards: z.array(
      z.object({
        name: z.string(),
        owner: z.string(),
        replicas: z.array(
          z.object({ cluster: z.string(), readable: z.boolean(), promotable: z.boolean() }),
        ),
        strongReadsOnly: z.boolean(),
      }),
    ),
    slots: z.array(
      z.object({
        from: z.int(),
        to: z.int(),
        shard: z.string(),
        epoch: z.int(),
        strongReadsOnly: z.boolean().optional(),
      }),
    ),
    quarantined: z.array(z.string()).optional().describe('Clusters that nobody may use'),
  })
  .meta({ id: 'ShardMap' });

export const Quarantine = z.object({ why: QuarantineReason, sinceEdit: z.int() });

export const ClusterList = z.object({
  version: z.int(),
  clusters: z.array(
    z
      .object({
        name: z.string(),
        shard: z.string(),
        role: z.enum(['owner', 'replica']),
        status: z.enum(['in-sync', 'suspected', 'learner']),
        health: z.object({
          status: z.enum(['healthy', 'suspect', 'down']),
          lastSeenAgoMs: z.number().nullable(),
          rttMs: z.number().nullable(),
          problem: z.string().nullable(),
        }),
        quarantine: Quarantine.nullable(),
      })
      .meta({ id: 'Cluster' }),
  ),
});

export const EditsQuery = z.object({
  after: count(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Edits with higher numbers; without it the newest ones, `limit` of them'),
  limit: z.coerce.number().int().min(1).max(EDITS_PAGE_MAX).default(EDITS_PAGE_DEFAULT),
});

export const EditPage = z.object({
  edits: z.array(Edit.meta({ id: 'Edit' })),
  next: z.int().nullable().describe('`after` of the next page; null at the end of the log'),
  version: z.int().describe('Number of the last edit'),
});

export const ReportBody = z.object({
  unreachable: z.array(z.string().max(64)).max(64).default([]),
  behind: z
    .array(
      z.object({
        slot: z
          .int()
          .min(0)
          .max(SLOT_COUNT - 1),
        cluster: z.string().max(64),
      }),
    )
    .max(SLOT_COUNT)
    .default([]),
});

export const ProblemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    retryable: z.boolean(),
    facts: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' });
