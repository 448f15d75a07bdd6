import { catchUp, createClusterRegistry, Deadline, sleep } from '@marquee/slot-protocol';
import type { DirectoryTruth } from '../oracle/directory-truth.ts';
import type { World } from '../world/world.ts';

/** Mean time between two looks; a real one looks once a minute. */
const LOOK_EVERY_MS = 1_500;
const CATCH_UP_MAX_MS = 5_000;

/** Somebody who brings followers up to date with what writers that died have left. */
export const startReplicator = (world: World, truth: DirectoryTruth): void => {
  const { process, random, run } = world.startProcess('replicator');
  const { clock } = process;
  const clusters = createClusterRegistry({
    addresses: () => Promise.resolve({ clusters: world.addressesOf(run) }),
    random: random.next,
  });
  const lookOnce = async (): Promise<void> => {
    const slot = random.pick(truth.slots);
    const { owner, promotable } = truth.shardOf(slot);
    const followers = [...promotable].filter((cluster) => cluster !== owner);
    if (followers.length === 0) return;
    await catchUp({
      slot,
      source: await clusters.get(owner),
      target: await clusters.get(random.pick(followers)),
      deadline: Deadline.after(CATCH_UP_MAX_MS, clock),
    });
  };
  const lookForever = async (): Promise<void> => {
    for (;;) {
      await sleep(random.exponential(LOOK_EVERY_MS), clock);
      await lookOnce().catch(() => undefined);
    }
  };
  process.deliver(() => void lookForever());
};
