import { setTimeout as delay } from 'node:timers/promises';
import { GraphUser } from './graph.ts';
import { Operator } from './operator.ts';
import { SteadyLoad, type Met } from './steady-load.ts';
import { WholeSystem } from './whole-system.ts';

const FILMS = 40;
/** Of a load with nothing else going on, before, between and after what happens. */
const QUIET_MS = 3_000;
/** With `--engine embedded`; what `npm start` sets, and the outage that is promised with it. */
const DETECTION_TIME_MS = 3_000;
const OUTAGE_MARGIN_MS = 4_000;
const TAKE_OVER_MAX_MS = 6_000;
const SLOTS_TO_MIGRATE = 16;

interface Scene {
  readonly system: WholeSystem;
  readonly operator: Operator;
}

interface Act {
  readonly title: string;
  /** Answers what a person wants to know of it. */
  readonly run: (scene: Scene) => Promise<string>;
  /** Clients must not notice: not one error. */
  readonly isSilent: boolean;
  /** What the longest request should take; told and not judged, since machines differ. */
  readonly longestMaxMs?: number;
}

const migrate: Act = {
  title: `${SLOTS_TO_MIGRATE} slots move from shard a to shard b`,
  isSilent: true,
  async run({ operator }) {
    const slots = Array.from({ length: SLOTS_TO_MIGRATE }, (_, slot) => slot);
    await operator.order({ kind: 'migrate', to: 'b', slots });
    return `shard b has ${(await operator.shard('b')).slots} slots now`;
  },
};

const planned: Act = {
  title: 'shard b fails over, as planned',
  isSilent: true,
  async run({ operator }) {
    const before = (await operator.shard('b')).owner;
    await operator.order({ kind: 'failover', shard: 'b' });
    return `its owner was ${before} and is ${(await operator.shard('b')).owner}`;
  },
};

const killOwner: Act = {
  title: 'the owner of shard a is killed with -9, and stays dead',
  isSilent: false,
  longestMaxMs: DETECTION_TIME_MS + OUTAGE_MARGIN_MS,
  async run({ system, operator }) {
    const { owner } = await operator.shard('a');
    const startedAtMs = performance.now();
    system.kill(owner);
    const next = await operator.until('the failover', async () => {
      const shard = await operator.shard('a');
      return shard.owner === owner || shard.busyWith !== null ? undefined : shard.owner;
    });
    const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
    await operator.removeCluster('a', owner);
    return `${next} took over ${owner}'s slots after ${seconds} s`;
  },
};

const killLeader: Act = {
  title: "the NameNode's leader is killed with -9",
  isSilent: true,
  async run({ system, operator }) {
    const { leader } = await operator.status();
    if (leader === null) throw new Error('nobody leads');
    const startedAtMs = performance.now();
    system.kill(leader);
    const next = await operator.until('another leader', async () => {
      const now = (await operator.status()).leader;
      return now === leader ? undefined : (now ?? undefined);
    });
    const tookMs = performance.now() - startedAtMs;
    return `${next} leads after ${(tookMs / 1_000).toFixed(1)} s (promised: ${TAKE_OVER_MAX_MS / 1_000} s at most)`;
  },
};

const addShard: Act = {
  title: 'a third shard is added and slots are spread over it',
  isSilent: true,
  async run({ system, operator }) {
    await system.provide('c', ['shard-c', 'replica-c']);
    await operator.addShard('c', 'shard-c', ['replica-c']);
    await operator.rebalance();
    const { shards } = await operator.status();
    return shards.map(({ name, slots }) => `${name} has ${slots} slots`).join(', ');
  },
};

/** What a person is shown in about a minute. */
const DEMO = [planned, killOwner, killLeader];
/** Everything that may happen on one day. */
const EVERYTHING = [migrate, planned, killOwner, killLeader, addShard];

interface Tally {
  errors: number;
  stale: number;
  outageMs: number;
  broken: string[];
}

/** `demo` or `everything`: plays it on a system of its own and judges. Answers the exit code. */
export const main = async ([name]: readonly string[]): Promise<number> => {
  const acts = name === 'demo' ? DEMO : EVERYTHING;
  const startedAtMs = performance.now();
  const say = (text: string): void => {
    const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1).padStart(6);
    console.log(`${seconds} s  ${text}`);
  };
  say('starting: two shards of an owner and a replica, two NameNodes, four subgraphs, a gateway');
  const system = await WholeSystem.start();
  try {
    const { endpoints } = system;
    const users = await Promise.all(
      endpoints.logins.map((login) => GraphUser.signIn(endpoints, login)),
    );
    const admin = users.at(-1);
    if (admin === undefined) throw new Error('there is no login');
    const operator = new Operator(endpoints.nameNodes, admin.token);
    const { movies } = await admin.ask<{ movies: { nodes: { id: string }[] } }>(
      `{ movies(first: ${FILMS}) { nodes { id } } }`,
    );
    const load = new SteadyLoad(
      users,
      movies.nodes.map(({ id }) => id),
    );
    say(
      `${users.length} people begin to like and dislike ${FILMS} films, and look at what they did`,
    );
    load.start();
    await delay(QUIET_MS);
    const tally: Tally = { errors: 0, stale: 0, outageMs: 0, broken: [] };
    say(told(load.take()));
    for (const act of acts) {
      say('');
      say(`NOW: ${act.title}`);
      say(`     ${await act.run({ system, operator })}`);
      await delay(QUIET_MS);
      const met = load.take();
      say(`     ${told(met)}`);
      if (act.longestMaxMs !== undefined) say(`     (promised: ${act.longestMaxMs} ms at most)`);
      judge(act, met, tally);
    }
    await load.stop();
    judgeRest(load.take(), tally);
    say('');
    say('everybody stops; is every acknowledged reaction there?');
    const lost = await load.lost();
    for (const what of lost) say(`     LOST: ${what}`);
    const findings = await operator.findings();
    for (const finding of findings) say(`     FOUND: ${JSON.stringify(finding)}`);
    for (const what of tally.broken) say(`     BROKEN: ${what}`);
    const { acknowledged } = load;
    const fsck = findings.length === 0 ? 'fsck clean' : `fsck ${findings.length} findings`;
    console.log(
      `${name === 'demo' ? 'demo' : 'load'}: ${acknowledged} acknowledged, ${lost.length} lost, ` +
        `${tally.errors} client errors, outage ${tally.outageMs.toFixed(0)} ms, ${fsck}`,
    );
    const isWell = lost.length + findings.length + tally.stale + tally.broken.length === 0;
    return isWell && acknowledged > 0 ? 0 : 1;
  } finally {
    await system.close();
  }
};

const told = ({ acknowledged, reads, errors, longestMs }: Met): string =>
  `${acknowledged} reactions acknowledged, ${reads} reads, ${errors.length} client errors, ` +
  `the longest request ${longestMs.toFixed(0)} ms`;

const judge = (act: Act, met: Met, tally: Tally): void => {
  judgeRest(met, tally);
  if (act.isSilent && met.errors.length > 0) {
    tally.broken.push(`${act.title}: ${met.errors.length} errors, ${met.errors[0] ?? ''}`);
  }
  if (act.longestMaxMs === undefined) return;
  tally.outageMs = met.longestMs;
};

const judgeRest = (met: Met, tally: Tally): void => {
  tally.errors += met.errors.length;
  tally.stale += met.stale.length;
  tally.broken.push(...met.stale);
};
