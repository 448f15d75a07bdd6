import type { Logger } from '@marquee/service-kit';
import type { Clock } from '@marquee/slot-protocol';
import { foundDeployment, type FoundingTools } from '../founding/found-deployment.ts';
import { DeploymentSteward } from '../operations/deployment-steward.ts';
import type { DeploymentStewardOptions } from '../operations/deployment-steward.ts';
import { PurgeSweep, type PurgeSweepOptions } from '../operations/purge-sweep.ts';
import { pause } from '../pause.ts';

/** A step that failed is tried again after this long, then twice as long, up to the maximum. */
const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 5_000;

export interface LeaderDutiesOptions extends FoundingTools {
  readonly logger: Logger;
  readonly steward: Omit<DeploymentStewardOptions, 'context' | 'onDeposed' | 'instance' | 'logger'>;
  readonly purge: Omit<PurgeSweepOptions, 'context' | 'logger'>;
  /** Told once orders can be taken. */
  readonly onSteward: (steward: DeploymentSteward) => void;
}

/** What an instance does from its election until its term ends. */
export const performLeaderDuties = async (
  options: LeaderDutiesOptions,
  term: AbortSignal,
): Promise<void> => {
  const { clock, cluster, follower, instance, leadership, logger } = options;
  await retryUntilDone(clock, term, () => foundDeployment(options), logger);
  if (term.aborted) return;
  const context = { leadership, follower, cluster, clock, term };
  const steward = new DeploymentSteward({
    ...options.steward,
    context,
    instance,
    logger,
    onDeposed: () => {
      leadership.stepDown();
    },
  });
  options.onSteward(steward);
  const purges = new PurgeSweep({ ...options.purge, context, logger });
  await Promise.all([steward.run(), purges.run()]);
};

const retryUntilDone = async (
  clock: Clock,
  term: AbortSignal,
  work: () => Promise<void>,
  logger: Logger,
): Promise<void> => {
  for (let waitMs = RETRY_MIN_MS; !term.aborted; waitMs = Math.min(waitMs * 2, RETRY_MAX_MS)) {
    try {
      await work();
      return;
    } catch (error) {
      logger.error({ event: 'founding-failed', err: error, retryInMs: waitMs }, 'cannot found yet');
      await pause(clock, waitMs, term);
    }
  }
};
