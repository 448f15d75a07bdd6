import type { Mutant } from './mutant.ts';

const ROUTER = 'packages/shard-router/src';
const CLIENT = 'packages/namenode-client/src';

/** Mistakes in how a router reads, and trusts its map. */
export const ROUTER_MUTANTS: readonly Mutant[] = [
  {
    name: 'ignoreStrongOnly',
    meaning: 'a router ignores "strong reads only"',
    scenarios: ['leases', 'stale'],
    file: `${ROUTER}/key-reader.ts`,
    find: "if (readFrom !== 'strong' && !strongReadsOnly && map.hasReadLease()) {",
    replace: "if (readFrom !== 'strong' && map.hasReadLease()) {",
  },
  {
    name: 'leaseNotNeeded',
    meaning: 'a router trusts its map for ever',
    scenarios: ['leases', 'stale'],
    file: `${CLIENT}/create-name-node-client.ts`,
    find: 'return this.#clock.monotonicNow() < this.#keeper.leaseUntilMs;',
    replace: 'return this.#keeper.map !== undefined;',
  },
  {
    name: 'leaseFromReply',
    meaning: 'the lease counts from the reply',
    scenarios: ['leases', 'stale'],
    file: `${CLIENT}/create-name-node-client.ts`,
    find: 'this.#keeper.take(answer);',
    replace: 'this.#keeper.take({ ...answer, sentAtMs: this.#clock.monotonicNow() });',
  },
  {
    name: 'leaseNotCheckedAgain',
    meaning: 'the lease is not checked when the data arrives',
    scenarios: ['leases', 'stale', 'slow'],
    file: `${ROUTER}/shard-reader.ts`,
    find: 'if (leased && !map.hasReadLease()) throw LEASE_LOST;',
    replace: '',
  },
  {
    name: 'unconfirmedRenewsLease',
    meaning: 'an answer that confirms nothing renews the lease',
    scenarios: ['leases', 'rivals'],
    file: `${CLIENT}/map-keeper.ts`,
    find: 'if (!confirmed) return;',
    replace: '',
  },
  {
    name: 'olderMapTaken',
    meaning: 'an older map replaces a newer one',
    scenarios: ['leases', 'rivals'],
    file: `${CLIENT}/map-keeper.ts`,
    find: '(current === undefined || map.version > current.version)',
    replace: '(current === undefined || map.version !== current.version)',
  },
  {
    name: 'unreadableReplicasRead',
    meaning: 'replicas under suspicion are read',
    scenarios: ['leases', 'failovers'],
    file: `${ROUTER}/choose-clusters.ts`,
    find: '.filter((replica) => replica.readable)\n    .map(({ cluster }) => cluster);\n  const awake',
    replace: '.map(({ cluster }) => cluster);\n  const awake',
  },
  {
    name: 'staleNotSaid',
    meaning: 'a read without a lease does not say that it may be stale',
    file: `${ROUTER}/shard-reader.ts`,
    find: "leased ? origin : { ...origin, stale: 'possible' };",
    replace: 'origin;',
  },
];
