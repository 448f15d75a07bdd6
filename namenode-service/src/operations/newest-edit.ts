import { callDeadline, type OperationContext } from './operation-context.ts';
import { isNoAnswer } from './settle-shard.ts';

/** For a look at all fences of one cluster; those that do not answer are asked again later. */
const LOOK_MAX_MS = 2_000;

/** The highest edit in the fences of those clusters that answer; undefined if none does. */
export const newestEdit = async (
  context: OperationContext,
  clusters: readonly string[],
): Promise<{ cluster: string; edit: number } | undefined> => {
  const looks = await Promise.all(
    clusters.map(async (name) => {
      try {
        const cluster = await context.cluster(name);
        const fences = await cluster.fences('all', callDeadline(context, LOOK_MAX_MS));
        const edit = fences.reduce((newest, fence) => Math.max(newest, fence.edit, fence.epoch), 0);
        return [{ cluster: name, edit }];
      } catch (error) {
        if (!isNoAnswer(error)) throw error;
        return [];
      }
    }),
  );
  return looks.flat().sort((left, right) => right.edit - left.edit)[0];
};
