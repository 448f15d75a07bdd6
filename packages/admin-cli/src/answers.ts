import { z } from 'zod';

// Of the NameNode's answers what the commands show; more may come, and is passed on by `--json`.

export const Finding = z.looseObject({
  kind: z.string(),
  cluster: z.string(),
  slot: z.number().optional(),
  id: z.string().optional(),
});

export const Operation = z.looseObject({
  id: z.string(),
  plan: z.looseObject({ kind: z.string() }),
  status: z.string(),
  by: z.string(),
  why: z.string(),
  orderedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  outcome: z.string().nullable(),
  steps: z.array(
    z.looseObject({
      atMs: z.number(),
      what: z.string(),
      progress: z.object({ done: z.number(), total: z.number() }).optional(),
    }),
  ),
  report: z
    .array(z.looseObject({ finding: Finding, isMended: z.boolean(), action: z.string() }))
    .optional(),
});

export type Operation = z.output<typeof Operation>;

export const ShardList = z.looseObject({
  version: z.number(),
  leader: z.string().nullable(),
  automation: z.string(),
  shards: z.array(
    z.looseObject({
      name: z.string(),
      owner: z.string(),
      slots: z.number(),
      strongReadsOnly: z.boolean(),
      safeMode: z.string().nullable(),
      busyWith: z.string().nullable(),
      members: z.array(
        z.looseObject({
          cluster: z.string(),
          status: z.string(),
          health: z.string(),
          quarantine: z.string().nullish(),
          lag: z.number().nullable(),
        }),
      ),
    }),
  ),
});

export const EditPage = z.looseObject({
  edits: z.array(
    z.looseObject({
      number: z.number(),
      atMs: z.number(),
      by: z.string(),
      why: z.string(),
      change: z.looseObject({ kind: z.string() }),
    }),
  ),
  next: z.number().nullable(),
});

export const Location = z.looseObject({
  collection: z.string(),
  key: z.string(),
  slot: z.number(),
  shard: z.string(),
  owner: z.string(),
  replicas: z.array(z.string()),
  epoch: z.number(),
});

export const Moves = z.array(
  z.object({ from: z.string(), to: z.string(), slots: z.array(z.number()) }),
);
