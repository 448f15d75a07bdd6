import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { check, checkCounters } from './check.ts';
import { ClusterProcess } from './cluster-process.ts';
import {
  ACCOUNTS,
  Acknowledged,
  collectionsOf,
  countAlong,
  type Counted,
  COUNTERS,
  OPENING_BALANCE,
  PAIRS,
  twinsOf,
  writeUntil,
} from './load.ts';

/*
 * Kills an embedded cluster with SIGKILL under concurrent load, again and again over the same data, and
 * checks after each restart that everything acknowledged is there, that no transaction is there in part,
 * that every index agrees with a scan, and that no increment which a driver sent again was done twice.
 */

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '40' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error('--rounds must be a whole number from 1 up');

/** Somewhere in this time the kill comes: before, amid and after groups of writes. */
const LOAD_MIN_MS = 150;
const LOAD_SPREAD_MS = 600;

const connect = (uri: string): Promise<MongoClient> =>
  MongoClient.connect(uri, { retryWrites: false, serverSelectionTimeoutMS: 2000, maxPoolSize: 40 });

/** Lives through every kill: it finds the next process at the same port, and asks it again. */
const connectForGood = (uri: string): Promise<MongoClient> =>
  MongoClient.connect(uri, { retryWrites: true, serverSelectionTimeoutMS: 20_000 });

const prepare = async (client: MongoClient): Promise<void> => {
  const { items, accounts, transfers, twins, counters } = collectionsOf(client);
  await items.createIndex({ unique: 1 }, { unique: true }, {});
  await items.createIndex({ group: 1, _id: -1 });
  await items.createIndex({ tags: 1 });
  await transfers.createIndex({ from: 1 });
  await twins.createIndex({ marks: 1 });
  await twins.insertMany(
    Array.from({ length: PAIRS }, (_, pair) => twinsOf(pair))
      .flat()
      .map((_id) => ({ _id, n: 0, marks: 0 })),
  );
  await counters.insertMany(Array.from({ length: COUNTERS }, (_, _id) => ({ _id, n: 0 })));
  await accounts.insertMany(
    Array.from({ length: ACCOUNTS }, (_, _id) => ({ _id, balance: OPENING_BALANCE })),
  );
};

const run = async (): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'embedded-crash-'));
  const acknowledged = new Acknowledged();
  const total = { lost: 0, torn: 0, indexDifferences: 0, twice: 0 };
  let counter: MongoClient | undefined;
  let counting: Promise<Counted[]> | undefined;
  let isLast = false;
  let counts = 0;
  let port = 0;
  try {
    for (let round = 0; round <= rounds; round++) {
      const cluster = await ClusterProcess.start(dataDir, port);
      port = cluster.port;
      const client = await connect(cluster.uri);
      try {
        if (round === 0) {
          await prepare(client);
          counter = await connectForGood(cluster.uri);
          counting = countAlong(counter, () => isLast);
        }
        const found = await check(collectionsOf(client), acknowledged);
        total.lost += found.lost;
        total.torn += found.torn;
        total.indexDifferences += found.indexDifferences;
        if (found.lost + found.torn + found.indexDifferences > 0)
          console.log(`round ${round.toString()}:`, found);
        // The last start only looks at what the last kill left.
        if (round === rounds) {
          isLast = true;
          const counted = (await counting) ?? [];
          const increments = await checkCounters(collectionsOf(client), counted);
          total.lost += increments.lost;
          total.twice += increments.twice;
          for (const { acknowledged: some } of counted) counts += some;
          continue;
        }
        let stopped = false;
        const writing = writeUntil(client, acknowledged, () => stopped);
        await delay(LOAD_MIN_MS + Math.random() * LOAD_SPREAD_MS);
        await cluster.kill();
        stopped = true;
        await Promise.race([writing, delay(5000)]);
      } finally {
        await cluster.kill();
        await client.close(true);
      }
    }
  } finally {
    isLast = true;
    await counter?.close(true);
    rmSync(dataDir, { recursive: true, force: true });
  }
  const { lost, torn, indexDifferences, twice } = total;
  console.log(
    `crash: ${rounds.toString()} rounds, ${(acknowledged.count + counts).toString()} acknowledged, lost ${lost.toString()}, torn ${torn.toString()}, index differences ${indexDifferences.toString()}, done twice ${twice.toString()}`,
  );
  if (lost + torn + indexDifferences + twice > 0) process.exitCode = 1;
};

await run();
