import { findShard, slotsOfShard } from '../directory/directory-state.ts';
import { pause } from '../pause.ts';
import { lookAtFences } from './check-fences.ts';
import { lookForForeignData } from './check-foreign-data.ts';
import { lookAtSlot } from './check-slot.ts';
import { inChunks } from './fence-changes.ts';
import { findingKey, type Finding } from './finding.ts';
import { directoryOf, type OperationContext } from './operation-context.ts';
import { isNoAnswer } from './settle-shard.ts';

/** Findings told; a deployment with more has one cause for most of them. */
export const FINDINGS_MAX = 1_000;

const SLOTS_AT_A_TIME = 4;

/** Fences that are being settled are right a moment later. */
const SETTLE_MS = 2_000;

export type CheckContext = Pick<OperationContext, 'cluster' | 'follower' | 'clock'>;

export interface CheckResult {
  readonly findings: readonly Finding[];
  /** There are more than are told. */
  readonly more: boolean;
}

/**
 * Looks through all clusters for what must not be: reads only, slot by slot, while everything goes on. So
 * slots move, and are written, between two looks at two clusters: whatever is found is looked at once more,
 * by the directory as it is then, and counts only if it is found again.
 */
export const checkDeployment = async (context: CheckContext): Promise<CheckResult> => {
  const findings: Finding[] = [];
  const silent = new Set<string>();
  const add = (found: readonly Finding[]): void => {
    findings.push(...found.slice(0, FINDINGS_MAX + 1 - findings.length));
  };
  for (const { name } of directoryOf(context).shards) {
    const slots = slotsOfShard(directoryOf(context), name);
    await inChunks(slots, 1, SLOTS_AT_A_TIME, async (chunk) => {
      for (const slot of chunk) {
        add(await foundTwice(context, () => lookAtSlot(context, name, slot, silent)));
      }
    });
    const members = findShard(directoryOf(context), name)?.members ?? [];
    for (const { cluster } of members) {
      if (silent.has(cluster)) continue;
      add(
        await answeredOr(silent, cluster, () =>
          foundTwice(context, () => lookForForeignData(context, name, cluster)),
        ),
      );
      add(
        await answeredOr(silent, cluster, () =>
          foundTwice(context, () => lookAtFences(context, name, cluster), SETTLE_MS),
        ),
      );
    }
  }
  add([...silent].map((cluster) => ({ kind: 'unchecked', cluster })));
  return { findings: findings.slice(0, FINDINGS_MAX), more: findings.length > FINDINGS_MAX };
};

const foundTwice = async (
  { clock, follower }: CheckContext,
  look: () => Promise<Finding[]>,
  pauseMs = 0,
): Promise<Finding[]> => {
  const first = await look();
  if (first.length === 0) return [];
  if (pauseMs > 0) await pause(clock, pauseMs);
  await follower.readToEnd();
  const again = new Set((await look()).map(findingKey));
  return first.filter((finding) => again.has(findingKey(finding)));
};

const answeredOr = async (
  silent: Set<string>,
  cluster: string,
  work: () => Promise<Finding[]>,
): Promise<Finding[]> => {
  try {
    return await work();
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    silent.add(cluster);
    return [];
  }
};
