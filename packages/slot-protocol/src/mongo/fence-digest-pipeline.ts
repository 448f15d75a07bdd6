import type { Document } from 'mongodb';
import { mergeGroups, type FenceDigest, type FenceGroup } from '../fence-digest.ts';

const SQUARED = { $multiply: ['$_id', '$_id'] };
const times = (field: string, weight: unknown): Document => ({
  $sum: { $multiply: [field, weight] },
});

/** The same sums as `digestOf`, made where the fences are. */
export const FENCE_DIGEST_PIPELINE: Document[] = [
  { $match: { state: { $ne: 'moved' } } },
  {
    $group: {
      _id: { state: '$state', pushTo: '$pushTo' },
      count: { $sum: 1 },
      slots: { $sum: '$_id' },
      slotsSquared: { $sum: SQUARED },
      epochs: { $sum: '$epoch' },
      epochsBySlot: times('$epoch', '$_id'),
      epochsBySlotSquared: times('$epoch', SQUARED),
      sequences: { $sum: '$sequence' },
      sequencesBySlot: times('$sequence', '$_id'),
      sequencesBySlotSquared: times('$sequence', SQUARED),
    },
  },
];

export const toFenceDigest = (found: readonly Document[]): FenceDigest =>
  mergeGroups(
    found.map(({ _id, ...sums }) => ({
      ...(_id as Pick<FenceGroup, 'state' | 'pushTo'>),
      // Sums beyond what a number holds exactly are rounded alike wherever they are equal.
      ...(Object.fromEntries(
        Object.entries(sums).map(([name, sum]) => [name, Number(sum)]),
      ) as Omit<FenceGroup, 'state' | 'pushTo'>),
    })),
  );
