import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@marquee/demo-data';
import { codeOf } from '@marquee/errors';
import { createServiceTokenSource } from '@marquee/identity';
import { createNameNodeClient } from '@marquee/namenode-client';
import { readClusterAddresses } from '@marquee/service-kit';
import {
  createShardRouter,
  ROUTER_LIMITS,
  type RoutingEntry,
  type ShardRouter,
} from '@marquee/shard-router';
import { newOperationId } from '@marquee/test-kit';
import type { ClientPlan, FromClient, SentOperation, ToClient } from './messages.ts';
import { toSlotOperation } from './operations.ts';
import { Knowledge, LISTS, nextOperation } from './workloads.ts';

/** As the subgraphs have it: a failover takes at most twice the detection time. */
const WRITE_MARGIN_MS = 5_000;
const RETRY_PAUSE_MS = 100;
/** Clients that never rest would take the processor from what is to be tried. */
const WRITE_PAUSE_MS = 10;
const READ_PAUSE_MS = 20;

/** What may come of a fault: the operation may be sent again, and will be. */
const MAY_BE_SENT_AGAIN = new Set(['WRITE_OUTCOME_UNKNOWN', 'OVERLOADED', 'NAMENODE_UNAVAILABLE']);

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const say = (message: FromClient): void => void process.send?.(message);

/** Writes and reads until it is told to drain; every acknowledgement is told at once. */
export const runClient = async (plan: ClientPlan): Promise<void> => {
  const { client, schedule, nameNodes, serviceSecret, clustersFile, detectionTimeMs } = plan;
  const tokens = createServiceTokenSource({
    secret: serviceSecret,
    service: client,
    now: Date.now,
  });
  const nameNodeClient = createNameNodeClient({
    urls: nameNodes,
    serviceToken: () => tokens.current(),
  });
  // It goes on trying: a client may start while no NameNode is there.
  nameNodeClient.start().catch(() => undefined);
  const deadlineMs = 2 * detectionTimeMs + WRITE_MARGIN_MS;
  const router = createShardRouter({
    nameNodeClient,
    addresses: () => readClusterAddresses(clustersFile),
    logger: silent,
    by: client,
    limits: { ...ROUTER_LIMITS, write: { ...ROUTER_LIMITS.write, deadlineMs } },
  });
  const random = seededRandom(plan.seed);
  const known = new Knowledge();
  let draining = false;
  process.on('message', (message: ToClient) => {
    if (message.type === 'drain') draining = true;
    else known.learn(message.target, message.position);
  });

  let sent = 0;
  const write = async (): Promise<void> => {
    sent += 1;
    const operation = nextOperation({ schedule, name: `${client}.${sent}`, random, known });
    const expected = operation.kind === 'set' ? await readValue(router, operation.target) : 0;
    // What it would compare with could not be read.
    if (expected === undefined) return;
    say({ type: 'sent', operation });
    const slotOperation = toSlotOperation(operation, newOperationId(client), expected);
    for (;;) {
      try {
        const result = await router.write(slotOperation);
        known.acknowledged(operation, result);
        say({ type: 'acknowledged', operation, result });
        return;
      } catch (error) {
        if (!MAY_BE_SENT_AGAIN.has(codeOf(error) ?? '')) {
          say({ type: 'wrong', what: `${describe(operation)} met ${String(error)}` });
          return;
        }
        await delay(RETRY_PAUSE_MS);
      }
    }
  };

  let trusted = 0;
  let unsure = 0;
  const read = async (): Promise<void> => {
    const target = `${schedule}-list-${Math.floor(random() * LISTS)}`;
    const removed = known.someRemoved(random());
    // Before the read begins: what is acknowledged by now must be in what it finds.
    const position = known.positionOf(target);
    const entries: RoutingEntry[] = [];
    const trace = { record: (entry: RoutingEntry) => void entries.push(entry) };
    const ids = removed === undefined ? [target] : [target, removed];
    const [list, gone] = await router.findByIds('movies', ids, { trace });
    if (list instanceof Error || entries.some(({ stale }) => stale !== undefined)) {
      unsure += 1;
    } else {
      trusted += 1;
      const { length } = (list?.by ?? []) as readonly string[];
      if (length < position) {
        say({
          type: 'stale',
          what: `${target} has ${length} of ${position} (${routeOf(entries)})`,
        });
      }
      if (gone !== undefined && gone !== null && !(gone instanceof Error)) {
        say({ type: 'stale', what: `${removed ?? ''} is deleted and was read` });
      }
    }
  };

  const untilDrained = async (work: () => Promise<void>, pauseMs: number): Promise<void> => {
    while (!draining) {
      await work();
      await delay(pauseMs);
    }
  };
  const noAnswer = (error: unknown): void => {
    unsure += 1;
    if (!['OVERLOADED', 'NAMENODE_UNAVAILABLE'].includes(codeOf(error) ?? '')) {
      say({ type: 'wrong', what: `a read met ${String(error)}` });
    }
  };
  const patientRead = async (): Promise<void> => {
    await read().catch(async (error: unknown) => {
      noAnswer(error);
      await delay(RETRY_PAUSE_MS);
    });
  };
  say({ type: 'ready' });
  await Promise.all([
    ...Array.from({ length: plan.writersCount }, () => untilDrained(write, WRITE_PAUSE_MS)),
    ...Array.from({ length: plan.readersCount }, () => untilDrained(patientRead, READ_PAUSE_MS)),
  ]);
  say({ type: 'reads', trusted, unsure });
  say({ type: 'drained' });
};

const readValue = async (router: ShardRouter, target: string): Promise<number | undefined> => {
  try {
    const [found] = await router.findByIds('movies', [target]);
    if (found instanceof Error) return undefined;
    return Number(found?.value ?? 0);
  } catch {
    return undefined;
  }
};

const describe = ({ kind, name, target }: SentOperation): string => `${kind} ${name} of ${target}`;

const routeOf = (entries: readonly RoutingEntry[]): string =>
  entries.map(({ cluster, readFrom }) => `${cluster} as ${readFrom}`).join(', ');
