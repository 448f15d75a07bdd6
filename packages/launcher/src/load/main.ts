import { randomBytes } from 'node:crypto';
import { loadDemoData } from '@marquee/demo-data';
import { createServiceTokenSource, hashPassword } from '@marquee/identity';
import { createNameNodeClient } from '@marquee/namenode-client';
import { createLogger, readClusterAddresses } from '@marquee/service-kit';
import { createShardRouter } from '@marquee/shard-router';
import { newOperationId } from '@marquee/subgraph-kit/operation-id';
import { loadConfig } from './config.ts';
import { demoOperations } from './demo-operations.ts';

/** Operations sent at a time; large enough to fill the router's bulk transactions. */
const CHUNK = 1_000;

/** One chunk may take as long as a failover, and then some. */
const CHUNK_DEADLINE_MS = 60_000;

const config = loadConfig();
const logger = createLogger({ service: 'demo-data', level: config.LOG_LEVEL });
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const serviceToken = createServiceTokenSource({
  secret: config.MARQUEE_SERVICE_SECRET_FILE,
  service: 'demo-data',
  now: Date.now,
});
const nameNodeClient = createNameNodeClient({
  urls: config.NAMENODE_URLS,
  serviceToken: () => serviceToken.current(),
});
const router = createShardRouter({
  nameNodeClient,
  addresses: () => readClusterAddresses(config.MARQUEE_CLUSTERS_FILE),
  logger,
});

const startedAtMs = performance.now();
await nameNodeClient.start();
const data = loadDemoData();
for (const { row, reason } of data.skipped)
  say(`row ${row} of the film list is skipped: ${reason}`);
const passwordHashes = new Map<string, string>();
for (const { handle, password } of data.users) {
  if (password !== undefined) passwordHashes.set(handle, await hashPassword(password));
}
const operations = demoOperations(data, {
  newOperationId: () => newOperationId({ now: Date.now, randomBytes }),
  passwordHashes,
});
for (let from = 0; from < operations.length; from += CHUNK) {
  const chunk = operations.slice(from, from + CHUNK);
  const outcomes = await router.writeMany(chunk, { deadlineMs: CHUNK_DEADLINE_MS });
  const refused = outcomes.find((outcome) => 'refusal' in outcome);
  if (refused) throw refused.refusal;
  say(`loaded ${Math.min(from + CHUNK, operations.length)} of ${operations.length}`);
}
const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
say(
  `${data.films.length} films, ${data.people.length} people, ${data.users.length} synthetic users, ` +
    `${data.reactions.length} synthetic reactions in ${seconds} s; ${data.skipped.length} rows skipped`,
);
await router.close();
await nameNodeClient.close();
