import { codeOf } from '@marquee/errors';
import { isClusterUnreachable, type Deadline } from '@marquee/slot-protocol';
import type { ClusterRest } from './cluster-rest.ts';
import type { HedgeBudget } from './hedge-budget.ts';

export interface ReadFirstOptions<T> {
  /** In the order in which to try them. */
  readonly clusters: readonly string[];
  readonly read: (cluster: string) => Promise<T>;
  readonly deadline: Deadline;
  readonly rest: ClusterRest;
  readonly budget: HedgeBudget;
  readonly limits: { readonly hedgeAfterMs: number; readonly attemptMaxMs: number };
}

/** No answer in time, from whatever end. */
export const isNoAnswer = (error: unknown): boolean =>
  isClusterUnreachable(error) ||
  ['DEADLINE_EXCEEDED', 'CLUSTER_UNKNOWN'].includes(codeOf(error) ?? '');

/**
 * The first answer of several clusters: the next one is asked as soon as one fails, when one is slow and
 * the hedge budget allows, and when one is very slow in any case.
 *
 * Rejects with the last failure once all have failed; an error that is the query's own fault is passed
 * on at once.
 */
export const readFirst = <T>({
  clusters,
  read,
  deadline,
  rest,
  budget,
  limits,
}: ReadFirstOptions<T>): Promise<{ cluster: string; value: T }> =>
  new Promise((resolve, reject) => {
    const { clock } = deadline;
    let next = 0;
    let underway = 0;
    let settled = false;
    const cancels: (() => void)[] = [];

    const settle = (act: () => void): void => {
      if (settled) return;
      settled = true;
      for (const cancel of cancels) cancel();
      act();
    };

    const askNext = (): void => {
      const cluster = clusters[next];
      if (settled || cluster === undefined) return;
      next += 1;
      underway += 1;
      rest.tried(cluster);
      const hasFollower = next < clusters.length;
      const mine = next;
      if (hasFollower) {
        cancels.push(
          clock.setTimer(() => {
            if (mine === next && budget.spend()) askNext();
          }, limits.hedgeAfterMs),
          clock.setTimer(() => {
            rest.failed(cluster);
            if (mine === next) askNext();
          }, limits.attemptMaxMs),
        );
      }
      read(cluster).then(
        (value) => {
          rest.succeeded(cluster);
          settle(() => resolve({ cluster, value }));
        },
        (failure: unknown) => {
          const error = failure as Error;
          underway -= 1;
          if (!isNoAnswer(error)) {
            settle(() => reject(error));
            return;
          }
          rest.failed(cluster);
          if (next < clusters.length) askNext();
          else if (underway === 0) settle(() => reject(error));
        },
      );
    };

    budget.earn();
    askNext();
  });
