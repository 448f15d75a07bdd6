import { MarqueeError } from '@marquee/errors';
import type { ClusterAddresses } from '@marquee/service-kit';
import type { ChangeOf } from '../directory/edit.ts';

export type ShardWish = ChangeOf<'deployment-founded'>['shards'][number];

/**
 * The shards of a new deployment, as the clusters file wishes them, in the order in which the file
 * first names them.
 *
 * @throws CONFIGURATION_INVALID that names the shard without exactly one owner
 */
export const foundingPlan = ({ clusters }: ClusterAddresses): ShardWish[] => {
  const names = [...new Set(clusters.map(({ shard }) => shard))];
  return names.map((name) => {
    const members = clusters.filter(({ shard }) => shard === name);
    const owners = members.filter(({ role }) => role === 'owner');
    const [owner] = owners;
    if (owner === undefined || owners.length > 1) {
      throw new MarqueeError(
        'CONFIGURATION_INVALID',
        { shard: name, owners: owners.length },
        { message: `clusters file: shard ${name} needs exactly one owner` },
      );
    }
    const replicas = members.filter(({ role }) => role === 'replica').map((each) => each.name);
    return { name, owner: owner.name, replicas };
  });
};
