import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { check } from './check.ts';
import { ClusterProcess } from './cluster-process.ts';
import { ACCOUNTS, Acknowledged, collectionsOf, OPENING_BALANCE, writeUntil } from './load.ts';

/*
 * Kills an embedded cluster with SIGKILL under concurrent load, again and again over the same data, and
 * checks after each restart that everything acknowledged is there, that no transaction is there in part,
 * and that every index agrees with a scan.
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

const prepare = async (client: MongoClient): Promise<void> => {
  const { items, accounts, transfers } = collectionsOf(client);
  await items.createIndex({ unique: 1 }, { unique: true }, {});
  await items.createIndex({ group: 1, _id: -1 });
  await items.createIndex({ tags: 1 });
  await transfers.createIndex({ from: 1 });
  await accounts.insertMany(
    Array.from({ length: ACCOUNTS }, (_, _id) => ({ _id, balance: OPENING_BALANCE })),
  );
};

const run = async (): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'embedded-crash-'));
  const acknowledged = new Acknowledged();
  const total = { lost: 0, torn: 0, indexDifferences: 0 };
  try {
    for (let round = 0; round <= rounds; round++) {
      const cluster = await ClusterProcess.start(dataDir);
      const client = await connect(cluster.uri);
      try {
        if (round === 0) await prepare(client);
        const found = await check(collectionsOf(client), acknowledged);
        total.lost += found.lost;
        total.torn += found.torn;
        total.indexDifferences += found.indexDifferences;
        if (found.lost + found.torn + found.indexDifferences > 0)
          console.log(`round ${round.toString()}:`, found);
        // The last start only looks at what the last kill left.
        if (round === rounds) continue;
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
    rmSync(dataDir, { recursive: true, force: true });
  }
  const { lost, torn, indexDifferences } = total;
  console.log(
    `crash: ${rounds.toString()} rounds, ${acknowledged.count.toString()} acknowledged, lost ${lost.toString()}, torn ${torn.toString()}, index differences ${indexDifferences.toString()}`,
  );
  if (lost + torn + indexDifferences > 0) process.exitCode = 1;
};

await run();
