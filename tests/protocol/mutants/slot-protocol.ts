import type { Mutant } from './mutant.ts';

const SOURCE = 'packages/slot-protocol/src';

const PUSH_MATCH =
  "match: { state: 'follower' as const, epoch, sequence: base, lastTransaction: baseTransaction },";

/** Mistakes in how operations are written, pushed and caught up. */
export const SLOT_PROTOCOL_MUTANTS: readonly Mutant[] = [
  {
    name: 'acknowledgeBeforePush',
    meaning: 'acknowledged once the owner has it',
    file: `${SOURCE}/slot-lane.ts`,
    find: 'await this.#options.push(commit, deadline);',
    replace: 'void this.#options.push(commit, deadline).catch(() => undefined);',
  },
  {
    name: 'duplicateAnsweredBeforePush',
    meaning: 'a known operation is answered without the push',
    file: `${SOURCE}/slot-lane.ts`,
    find: 'await this.#options.push(commit, deadline);',
    replace: 'if (commit.records.length > 0) await this.#options.push(commit, deadline);',
  },
  {
    name: 'bulkAcknowledgedBeforePush',
    meaning: 'operations sent in bulk are acknowledged once the owner has them',
    file: `${SOURCE}/bulk-writer.ts`,
    find: 'await patience.whileMapHolds(deadline, () => pusher.pushAll(owner, commits, deadline));',
    replace: 'void pusher.pushAll(owner, commits, deadline).catch(() => undefined);',
  },
  {
    name: 'writeIgnoresState',
    meaning: 'a cluster that is not the open owner takes writes',
    file: `${SOURCE}/owner-transaction.ts`,
    find: "match: { state: 'open' as const },",
    replace: 'match: {},',
  },
  {
    name: 'fenceCheckedNotChanged',
    meaning:
      'the fence is looked at before the owner transaction, where a seal may come in between',
    file: `${SOURCE}/owner-transaction.ts`,
    find: `  cluster.transaction(async (transaction) => {
    const name = randomUUID();`,
    replace: `  cluster.fences(batches.map(({ slot }) => slot), deadline).then((seen) => {
    const open = seen.filter(({ state }) => state === 'open');
    if (open.length < batches.length) throw staleMap(cluster.name, []);
  }).then(() => cluster.transaction(async (transaction) => {
    const name = randomUUID();`,
    also: [
      {
        file: `${SOURCE}/owner-transaction.ts`,
        find: `      purge: overlay.purgeOf(commit.slot),
    }));
  }, deadline);`,
        replace: `      purge: overlay.purgeOf(commit.slot),
    }));
  }, deadline));`,
      },
      {
        file: `${SOURCE}/owner-transaction.ts`,
        find: "match: { state: 'open' as const },",
        replace: 'match: {},',
      },
    ],
  },
  {
    name: 'knownOperationsNotLookedUp',
    meaning: 'an operation that is sent again is done again',
    file: `${SOURCE}/owner-transaction.ts`,
    find: 'return new Map(records.map((record) => [`${record.slot}/${record.operationId}`, record]));',
    replace: 'return new Map(records.slice(0, 0).map((record) => [record.operationId, record]));',
  },
  {
    name: 'knownWithinBatchForgotten',
    meaning: 'an operation that comes twice in one batch is done twice',
    file: `${SOURCE}/owner-transaction.ts`,
    find: 'known.set(key, record);',
    replace: '',
  },
  {
    name: 'refusalToldBeforePush',
    meaning: 'a refusal does not wait for what it was refused for',
    file: `${SOURCE}/owner-transaction.ts`,
    find: 'needs(sequence - 1);',
    replace: '',
  },
  {
    name: 'unusedNumbersKept',
    meaning: 'numbers that were taken and not used are not given back',
    file: `${SOURCE}/owner-transaction.ts`,
    find: 'await transaction.changeFences(corrections);',
    replace: 'await transaction.changeFences(corrections.slice(0, 0));',
  },
  {
    name: 'pushAcceptsGap',
    meaning: 'a follower takes an operation with a gap before it',
    file: `${SOURCE}/push.ts`,
    find: PUSH_MATCH,
    replace: "match: { state: 'follower' as const, epoch, sequenceBelow: base + 1 },",
  },
  {
    name: 'pushIgnoresEpoch',
    meaning: 'a follower takes operations of any epoch',
    scenarios: ['late', 'rough'],
    file: `${SOURCE}/push.ts`,
    find: PUSH_MATCH,
    replace: PUSH_MATCH.replace('epoch, ', ''),
  },
  {
    name: 'pushIgnoresState',
    meaning: 'a cluster in any state takes operations',
    scenarios: ['late', 'rough'],
    file: `${SOURCE}/push.ts`,
    find: PUSH_MATCH,
    replace: PUSH_MATCH.replace("state: 'follower' as const, ", ''),
  },
  {
    name: 'alreadyThereIgnoresState',
    meaning: 'a cluster that is no follower counts as having what its sequence has reached',
    scenarios: ['late', 'rough'],
    file: `${SOURCE}/push.ts`,
    find: "if (fence?.state !== 'follower' || fence.epoch !== epoch) return 'refused';",
    replace: "if (fence === undefined) return 'refused';",
  },
  {
    name: 'alreadyThereIgnoresSequence',
    meaning: 'a follower of the epoch counts as having everything',
    file: `${SOURCE}/push.ts`,
    find: "if (fence.sequence < through) return 'gap';",
    replace: '',
  },
  {
    name: 'pushWithoutRecords',
    meaning: 'followers get documents and no records',
    file: `${SOURCE}/push.ts`,
    find: 'await transaction.insertRecords(commit.records);',
    replace: '',
  },
  {
    name: 'pushFromOneCluster',
    meaning: 'only the first cluster of pushTo is pushed to',
    file: `${SOURCE}/pusher.ts`,
    find: 'commit.pushTo.map((follower) => this.#pushTo(follower, owner, commit, deadline)),',
    replace:
      'commit.pushTo.slice(0, 1).map((follower) => this.#pushTo(follower, owner, commit, deadline)),',
  },
  {
    name: 'catchUpInTwoSnapshots',
    meaning: 'records and documents are read in two transactions',
    file: `${SOURCE}/catch-up.ts`,
    find: 'const applied = await target.transaction(',
    replace: `const touched = await source.transaction(async (transaction) => {
    const again: TouchedDocuments[] = [];
    for (const { collection, ids } of log.touched) {
      again.push({ collection, ids, documents: await transaction.documents(collection, ids) });
    }
    return again;
  }, deadline);
  const applied = await target.transaction(`,
    also: [
      {
        file: `${SOURCE}/catch-up.ts`,
        find: '(transaction) => applyLog(transaction, before, log),',
        replace: '(transaction) => applyLog(transaction, before, { ...log, touched }),',
      },
    ],
  },
  {
    name: 'catchUpMatchesNoState',
    meaning: 'applied although the state or edit of the target has changed',
    scenarios: ['late', 'joins', 'rivals'],
    file: `${SOURCE}/catch-up.ts`,
    find: 'match: { state, edit, epoch, sequenceBelow: through },',
    replace: 'match: { epoch, sequenceBelow: through },',
  },
  {
    name: 'catchUpMatchesNoSequence',
    meaning: 'applied whatever the sequence of the target has become',
    file: `${SOURCE}/catch-up.ts`,
    find: 'match: { state, edit, epoch, sequenceBelow: through },',
    replace: 'match: { state, edit, epoch },',
  },
  {
    name: 'catchUpOfSealed',
    meaning: 'anybody may catch up a sealed cluster',
    scenarios: ['late', 'joins'],
    file: `${SOURCE}/catch-up.ts`,
    find: "fence.state === 'follower' ||",
    replace: "fence.state === 'follower' ||\n  fence.state === 'sealed' ||",
  },
  {
    name: 'catchUpIgnoresEpoch',
    meaning: 'the epochs of source and target need not agree',
    scenarios: ['late', 'isolated'],
    file: `${SOURCE}/catch-up.ts`,
    find: "if (fence.epoch !== target.epoch) return 'changed';",
    replace: '',
  },
  {
    name: 'catchUpFromAnyState',
    meaning: 'the source of a catch-up need not be open or sealed',
    file: `${SOURCE}/catch-up.ts`,
    find: "if (fence === undefined || (fence.state !== 'open' && fence.state !== 'sealed')) return 'changed';",
    replace: "if (fence === undefined) return 'changed';",
  },
  {
    name: 'catchUpWithoutDocuments',
    meaning: 'a catch-up brings records only',
    file: `${SOURCE}/catch-up.ts`,
    find: 'await transaction.replaceDocuments(collection, documents);',
    replace: '',
  },
  {
    name: 'catchUpWithoutRecords',
    meaning: 'a catch-up brings documents only',
    file: `${SOURCE}/catch-up.ts`,
    find: 'await transaction.insertRecords(records.filter(({ sequence }) => sequence > before.sequence));',
    replace: '',
  },
  {
    name: 'strongReadOwnerOnly',
    meaning: 'a strong read asks only the owner',
    scenarios: ['isolated', 'stale', 'failovers'],
    file: `${SOURCE}/strong-read.ts`,
    find: '[...followers].map(async (name) => {',
    replace: '[...followers].slice(0, 0).map(async (name) => {',
  },
  {
    name: 'strongReadIgnoresEpoch',
    meaning: 'a strong read accepts followers of another epoch',
    scenarios: ['isolated'],
    file: `${SOURCE}/strong-read.ts`,
    find: "fence.slot === slot && fence.state === 'follower' && fence.epoch === epoch,",
    replace: "fence.slot === slot && fence.state === 'follower' && epoch > 0,",
  },
  {
    name: 'strongReadIgnoresState',
    meaning: 'a strong read accepts an owner that is not open',
    scenarios: ['isolated', 'stale', 'failovers'],
    file: `${SOURCE}/strong-read.ts`,
    find: "(slot) => !fences.some((fence) => fence.slot === slot && fence.state === 'open'),",
    replace: '(slot) => !fences.some((fence) => fence.slot === slot),',
  },
  {
    name: 'forgottenIdsTaken',
    meaning: 'an operation that was purged is done again',
    file: `${SOURCE}/owner-transaction.ts`,
    find: 'if (isForgotten(operationId, fence)) {',
    replace: 'if (operationId.length === 0 && isForgotten(operationId, fence)) {',
  },
  {
    name: 'purgeNotPushed',
    meaning: 'a purge drops records at the owner alone',
    file: `${SOURCE}/push.ts`,
    find: 'if (commit.purge !== undefined) await purgeRecords(transaction, commit.slot, commit.purge);',
    replace: '',
  },
  {
    name: 'catchUpWithoutPurge',
    meaning: 'purgedThrough is not taken over',
    file: `${SOURCE}/catch-up.ts`,
    find: 'purgedThrough: source.purgedThrough,\n',
    replace: '',
  },
  {
    name: 'catchUpWithoutRefusedIds',
    meaning: 'refuseIdsBefore is not taken over',
    file: `${SOURCE}/catch-up.ts`,
    find: 'refuseIdsBefore: source.refuseIdsBefore,\n',
    replace: '',
  },
  {
    name: 'catchUpKeepsRemoved',
    meaning: 'a catch-up leaves documents that the source has removed',
    file: `${SOURCE}/catch-up.ts`,
    find: 'ids.filter((id) => !kept.has(id)),',
    replace: 'ids.filter((id) => !kept.has(id)).slice(0, 0),',
  },
  {
    name: 'copyKeepsNewer',
    meaning: 'a copy keeps documents of the target that have a higher version',
    scenarios: ['joins', 'late', 'failovers'],
    file: `${SOURCE}/slot-differences.ts`,
    find: 'return mine === undefined || !storedAlike(mine, document);',
    replace:
      'return mine === undefined || (!storedAlike(mine, document) && mine.version.sequence <= document.version.sequence);',
  },
  {
    name: 'copyKeepsStrangers',
    meaning: 'a copy keeps what the source does not have',
    scenarios: ['joins', 'late', 'failovers'],
    file: `${SOURCE}/slot-differences.ts`,
    find: 'await transaction.deleteDocuments(collection, strangers);',
    replace: '',
  },
  {
    name: 'copyKeepsOtherNumbers',
    meaning: 'a left-over record of the same operation is not removed first',
    scenarios: ['joins', 'late'],
    file: `${SOURCE}/slot-differences.ts`,
    find: 'const rejected = new Map([...strangers, ...elsewhere].map(',
    replace: 'const rejected = new Map([...strangers, ...elsewhere.slice(0, 0)].map(',
  },
  {
    name: 'copyWithoutGuard',
    meaning: 'copy writes whatever state the target is in',
    scenarios: ['rivals', 'joins'],
    file: `${SOURCE}/copy.ts`,
    find: "match: { state: 'importing', edit },",
    replace: 'match: {},',
  },
  {
    name: 'recordsNotCopied',
    meaning: 'a copy brings the documents only',
    file: `${SOURCE}/slot-differences.ts`,
    find: 'await transaction.insertRecords(missing);',
    replace: '',
  },
  {
    name: 'copyKeepsLaterRecords',
    meaning: 'a copy keeps records above the number it ends with',
    scenarios: ['joins'],
    file: `${SOURCE}/copy.ts`,
    find: 'await transaction.deleteRecords(slot, beyond);',
    replace: '',
  },
];
