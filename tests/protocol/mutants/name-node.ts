import type { Mutant } from './mutant.ts';

const SOURCE = 'namenode-service/src';
const OPERATIONS = `${SOURCE}/operations`;
const DIRECTORY = `${SOURCE}/directory`;

/** Mistakes in how the NameNode leads, and changes who owns what. */
export const NAME_NODE_MUTANTS: readonly Mutant[] = [
  {
    name: 'noEditGuard',
    meaning: 'a fence may be changed under a lower edit',
    scenarios: ['rivals', 'leaders'],
    file: `${OPERATIONS}/fence-changes.ts`,
    find: 'if (fence.edit > edit) throw deposed({ cluster: cluster.name, slot: fence.slot });',
    replace: '',
  },
  {
    name: 'strictlyLowerEdit',
    meaning: 'an operation cannot change the same fence twice',
    file: `${OPERATIONS}/fence-changes.ts`,
    find: 'if (fence.edit > edit)',
    replace: 'if (fence.edit >= edit)',
  },
  {
    name: 'failOverWithoutDecision',
    meaning: 'the fences are changed before the edit that decides a failover',
    scenarios: ['rivals', 'failovers', 'late'],
    file: `${OPERATIONS}/failover.ts`,
    find: "await decide({ kind: 'owner-changed', operationId: order.id, owner, inSync: together });",
    replace: `for (const cluster of [...together.filter((each) => each !== owner), owner]) {
      await changeFences(
        await context.cluster(cluster),
        slots,
        edit,
        () =>
          cluster === owner
            ? { state: 'open', epoch: edit, pushTo: together.filter((each) => each !== owner) }
            : { state: 'follower', epoch: edit, pushTo: [] },
        callDeadline(context),
      );
    }
    await decide({ kind: 'owner-changed', operationId: order.id, owner, inSync: together });`,
    also: [
      {
        file: `${OPERATIONS}/failover.ts`,
        find: "  leaseLeft,\n  waitOutLease,\n  type OperationContext,\n} from './operation-context.ts';",
        replace:
          "  callDeadline,\n  leaseLeft,\n  waitOutLease,\n  type OperationContext,\n} from './operation-context.ts';\nimport { changeFences } from './fence-changes.ts';",
      },
    ],
  },
  {
    name: 'undecidedNotUndone',
    meaning: 'a new leader leaves what its predecessor began, and settles all the same',
    scenarios: ['rivals', 'leaders'],
    file: `${OPERATIONS}/shard-steward.ts`,
    find: 'if (await this.#undoLeftOperation()) return;',
    replace: '',
  },
  {
    name: 'appendWithoutNumberCheck',
    meaning: 'a leader that finds its number taken goes on leading',
    scenarios: ['rivals', 'leaders'],
    file: `${SOURCE}/leader/leadership.ts`,
    find: `      this.#stepDown();
      throw notLeader(this.#leaderName());
    }
    this.#lastAppended = number;`,
    replace: `    }
    this.#lastAppended = number;`,
  },
  {
    name: 'leaveWithoutLeaseWait',
    meaning: 'pushTo is changed at once after the edit',
    scenarios: ['leases'],
    file: `${OPERATIONS}/settle-shard.ts`,
    find: 'await waitOutLease(context, member.unreadableSinceEdit);',
    replace: '',
  },
  {
    name: 'leaseWaitForgotten',
    meaning: 'nobody ever waits for the read lease',
    scenarios: ['leases', 'migrations'],
    file: `${OPERATIONS}/operation-context.ts`,
    find: 'if (leftMs > 0)',
    replace: 'if (leftMs > 1e9)',
  },
  {
    name: 'joinWithoutLastCatchUp',
    meaning: 'readable without having reached the sequence seen at the owner',
    scenarios: ['joins'],
    file: `${OPERATIONS}/join.ts`,
    find: 'await bringSlots(context, needed, edit);',
    replace: '',
  },
  {
    name: 'joinWithoutPushTo',
    meaning: 'in sync although the owner does not push to it',
    scenarios: ['joins'],
    file: `${OPERATIONS}/join.ts`,
    find: '? { pushTo: [...fence.pushTo.filter((name) => name !== target), target] }',
    replace: '? { pushTo: fence.pushTo }',
  },
  {
    name: 'copyWithoutCatchUp',
    meaning: 'a copy counts as the state at its end',
    scenarios: ['joins'],
    file: `${OPERATIONS}/copy-slots.ts`,
    find: `  await bringSlots(
    context,
    slots.map((slot): Bringing => ({ slot, source, target })),
    edit,
  );`,
    replace: `  for (const slot of slots) {
    const [end] = await from.fences([slot], callDeadline(context));
    await to.transaction(
      (transaction) =>
        transaction.changeFences([
          { slot, match: { edit }, change: { sequence: end?.sequence ?? 0 } },
        ]),
      callDeadline(context),
    );
  }`,
  },
  {
    name: 'plannedWithoutSeal',
    meaning: 'the old owner is not sealed',
    scenarios: ['late'],
    file: `${OPERATIONS}/planned-failover.ts`,
    find: 'const sealed = await sealSlots(context, owner, slots, edit);',
    replace: 'const sealed = await readFences(context, owner, slots);',
  },
  {
    name: 'plannedWithoutDrain',
    meaning: 'the new owner opens without the last operations',
    file: `${OPERATIONS}/planned-failover.ts`,
    find: 'await bringSlots(context, missingAt(owner, sealed, target, at), edit);',
    replace: '',
  },
  {
    name: 'othersNotSealed',
    meaning: 'only the new owner is sealed, the others become followers as they are',
    scenarios: ['late', 'failovers'],
    file: `${OPERATIONS}/failover.ts`,
    find: 'fences: await sealSlots(context, cluster, slots, edit, maxMs(cluster)),',
    replace:
      'fences:\n        cluster === clusters[1]\n          ? await sealSlots(context, cluster, slots, edit, maxMs(cluster))\n          : await readFences(context, cluster, slots).catch(() => undefined),',
    also: [
      {
        file: `${OPERATIONS}/failover.ts`,
        find: "import { bringSlots, type Bringing } from './bring-slots.ts';",
        replace: "import { bringSlots, readFences, type Bringing } from './bring-slots.ts';",
      },
    ],
  },
  {
    name: 'newOwnerNotBrought',
    meaning: 'the new owner is not brought to the highest sequence found',
    scenarios: ['late', 'failovers'],
    file: `${OPERATIONS}/failover.ts`,
    find: 'await bringSlots(context, needed, edit);',
    replace: '',
  },
  {
    name: 'failOverWithoutLeaseWait',
    meaning: 'the new owner opens at once',
    scenarios: ['leases'],
    file: `${OPERATIONS}/failover.ts`,
    find: 'await waitOutLease(context, suspectedBy);',
    replace: '',
  },
  {
    name: 'failOverKeepsSilentOnes',
    meaning: 'clusters that did not answer stay in sync',
    scenarios: ['late', 'failovers'],
    file: `${OPERATIONS}/failover.ts`,
    find: 'inSync: together });',
    replace: 'inSync: clusters });',
  },
  {
    name: 'migrationWithoutSeal',
    meaning: 'the slot is not sealed where it comes from',
    scenarios: ['migrations'],
    file: `${OPERATIONS}/migrate.ts`,
    find: 'const sealed = await sealSlots(context, source.owner, slots, edit);',
    replace: 'const sealed = await readFences(context, source.owner, slots);',
  },
  {
    name: 'migrationWithoutDrain',
    meaning: 'the new shard opens without the last operations',
    scenarios: ['migrations'],
    file: `${OPERATIONS}/migrate.ts`,
    find: 'await bringSlots(context, missing, edit);',
    replace: '',
  },
  {
    name: 'migrationWithoutLeaseWait',
    meaning: 'the new shard opens at once',
    scenarios: ['leases', 'stale'],
    file: `${OPERATIONS}/migrate.ts`,
    find: 'await waitOutLease(context, edit, order.checkpoint);',
    replace: '',
  },
  {
    name: 'clearWithoutGuard',
    meaning: 'left-over data is deleted whatever the fence says',
    scenarios: ['rivals', 'migrations'],
    file: `${OPERATIONS}/clear-leftovers.ts`,
    find: "const match = { state: 'moved', edit } as const;",
    replace: 'const match = {};',
  },
  {
    name: 'undoKeepsEpoch',
    meaning: 'what was sealed opens again with the epoch it had',
    scenarios: ['late', 'rivals'],
    file: `${DIRECTORY}/apply-operation.ts`,
    find: 'reopened(slot, number) ? { ...slot, epoch: edit.number, reads: LEASED } : slot,',
    replace: 'reopened(slot, number) ? { ...slot, reads: LEASED } : slot,',
  },
  {
    name: 'migrationWithoutStrongReads',
    meaning: 'a moving slot goes on being read under the lease',
    scenarios: ['leases', 'stale'],
    file: `${DIRECTORY}/apply-operation.ts`,
    find: "return withReads(begun, plan.slots, { kind: 'strong-only', sinceEdit: edit.number });",
    replace: 'return begun;',
  },
  {
    name: 'suspectedStayReadable',
    meaning: 'the map calls replicas under suspicion readable',
    scenarios: ['leases'],
    file: `${DIRECTORY}/to-shard-map.ts`,
    find: "readable: status === 'in-sync',",
    replace: "readable: status !== 'learner',",
  },
  {
    name: 'learnersPromotable',
    meaning: 'the directory counts learners as in sync',
    file: `${DIRECTORY}/directory-state.ts`,
    find: ".filter(({ cluster, status }) => status !== 'learner' && cluster !== shard.owner)",
    replace: '.filter(({ cluster }) => cluster !== shard.owner)',
  },
  {
    name: 'confirmFromMemory',
    meaning: 'an instance confirms the map it remembers',
    scenarios: ['leases', 'rivals'],
    file: `${SOURCE}/served-map/map-source.ts`,
    find: 'return { served: this.current(), confirmed: this.#follower.confirmedAtMs >= cameMs };',
    replace: 'return { served: this.current(), confirmed: cameMs >= 0 };',
  },
];
