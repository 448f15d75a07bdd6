import type { ShardMap } from '@marquee/topology';
import { z } from 'zod';

const name = z.string().min(1);

/** The shape of a shard map as it arrives; that its ranges fit together is the SlotTable's to check. */
export const ShardMapSchema: z.ZodType<ShardMap> = z.object({
  deployment: name,
  version: z.int().min(1),
  shards: z.array(
    z.object({
      name,
      owner: name,
      replicas: z.array(
        z.object({ cluster: name, readable: z.boolean(), promotable: z.boolean() }),
      ),
      strongReadsOnly: z.boolean(),
    }),
  ),
  slots: z.array(
    z.object({
      from: z.int(),
      to: z.int(),
      shard: name,
      epoch: z.int(),
      strongReadsOnly: z.boolean().exactOptional(),
    }),
  ),
  quarantined: z.array(name).exactOptional(),
});
