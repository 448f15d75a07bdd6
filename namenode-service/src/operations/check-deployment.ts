import { findShard, slotsOfShard } from '../directory/directory-state.ts';
import { pause } from '../pause.ts';
import { lookAtFences } from './check-fences.ts';
import { lookForForeignData } from './check-foreign-data.ts';
import { lookAtSlots } from './check-slots.ts';
import { findingKey, type Finding } from './finding.ts';
import { directoryOf, type OperationContext } from './operation-context.ts';
import { isNoAnswer } from './settle-shard.ts';

/** Findings told; a deployment with more has one cause for most of them. */
export const FINDINGS_MAX = 1_000;

/** Documents that one look should read of a cluster: what a NameNode holds without noticing. */
const LOOK_DOCUMENTS_AIM = 4_000;

/** Slots of one look at most: what a statement names. */
const LOOK_SLOTS_MAX = 64;

/** Of the first look, while nothing is known of their size. */
const FIRST_LOOK_SLOTS = 8;

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
    for (let from = 0, size = FIRST_LOOK_SLOTS; from < slots.length;) {
      const looked = slots.slice(from, from + size);
      let documents = 0;
      const look = async (): Promise<readonly Finding[]> => {
        const seen = await lookAtSlots(context, name, looked, silent);
        documents = seen.documents;
        return seen.findings;
      };
      add(await foundTwice(context, look));
      from += looked.length;
      const fitting = Math.floor((LOOK_DOCUMENTS_AIM * looked.length) / Math.max(1, documents));
      size = Math.min(LOOK_SLOTS_MAX, Math.max(1, fitting));
    }
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
  look: () => Promise<readonly Finding[]>,
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
