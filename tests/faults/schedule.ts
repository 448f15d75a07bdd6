import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@marquee/demo-data';
import type { FromClient, ToClient } from './client/messages.ts';
import { FAULTS } from './faults.ts';
import { History } from './judge/history.ts';
import { judge, type Verdict } from './judge/judge.ts';
import type { FaultSystem } from './system/fault-system.ts';
import type { NodeProcess } from '../node-process.ts';

const CLIENTS = 2;
const WRITERS = 6;
const READERS = 3;
/** The load must flow before the fault and again after it, or nothing was tried. */
const BEFORE_FAULT_ACKNOWLEDGED = 300;
const AFTER_FAULT_ACKNOWLEDGED = 100;
const FLOW_MAX_MS = 90_000;
const LOOK_INTERVAL_MS = 50;
/** Of what is under way when the load ends: every operation is sent until it is acknowledged. */
const DRAIN_MAX_MS = 60_000;

export interface ScheduleResult extends Verdict {
  readonly fault: string;
  readonly acknowledged: number;
  readonly stale: readonly string[];
  /** What no promise of the protocol covers and no fault explains. */
  readonly wrong: readonly string[];
  readonly reads: { trusted: number; unsure: number };
}

interface RunningClient {
  readonly process: NodeProcess;
  readonly tell: (message: ToClient) => void;
  readonly drained: Promise<void>;
}

/** Load, one kind of fault amid it, an end to both, and a look at what is there. */
export const runSchedule = async (
  system: FaultSystem,
  { number, seed, faultName }: { number: number; seed: number; faultName: string },
): Promise<ScheduleResult> => {
  const schedule = `s${number}`;
  const random = seededRandom(seed + number);
  const history = new History();
  const stale: string[] = [];
  const wrong: string[] = [];
  const reads = { trusted: 0, unsure: 0 };
  const clients = new Set<RunningClient>();
  let started = 0;

  const startClient = async (): Promise<void> => {
    started += 1;
    let isDrained: () => void;
    const drained = new Promise<void>((resolve) => {
      isDrained = resolve;
    });
    const onMessage = (message: FromClient): void => {
      switch (message.type) {
        case 'sent':
          history.sent(message.operation);
          return;
        case 'acknowledged':
          history.acknowledged(message.operation, message.result);
          tellOthers(client, message);
          return;
        case 'stale':
          stale.push(message.what);
          return;
        case 'wrong':
          wrong.push(message.what);
          return;
        case 'reads':
          reads.trusted += message.trusted;
          reads.unsure += message.unsure;
          return;
        case 'drained':
          isDrained();
          return;
        case 'ready':
      }
    };
    const { process, tell } = await system.startClient(
      {
        client: `c${number}x${started}`,
        schedule,
        seed: Math.floor(random() * 2 ** 31),
        writersCount: WRITERS,
        readersCount: READERS,
      },
      onMessage,
    );
    const client: RunningClient = { process, tell, drained };
    clients.add(client);
  };
  const tellOthers = (
    from: RunningClient,
    { operation, result }: Extract<FromClient, { type: 'acknowledged' }>,
  ): void => {
    if (operation.kind !== 'append' || result.position === undefined) return;
    const { target } = operation;
    for (const client of clients) {
      if (client !== from) client.tell({ type: 'known', target, position: result.position });
    }
  };

  await Promise.all(Array.from({ length: CLIENTS }, startClient));
  try {
    await flows(history, BEFORE_FAULT_ACKNOWLEDGED);
    await FAULTS[faultName]?.({
      system,
      shard: random() < 0.5 ? 'a' : 'b',
      random,
      replaceClient: async () => {
        const [victim] = clients;
        if (victim === undefined) return;
        clients.delete(victim);
        await victim.process.kill();
        await startClient();
      },
    });
    await system.untilHealed();
    await flows(history, AFTER_FAULT_ACKNOWLEDGED);
    await Promise.all([...clients].map((client) => drain(client, history)));
    await system.untilHealed();
  } finally {
    await Promise.all([...clients].map(({ process }) => process.kill()));
  }

  const verdict = { lost: [] as string[], duplicated: [] as string[], resurrected: [] as string[] };
  for (const [where, state] of await system.finalStates(schedule)) {
    const found = judge(history, state);
    verdict.lost.push(...found.lost.map((what) => `${what} (${where})`));
    verdict.duplicated.push(...found.duplicated.map((what) => `${what} (${where})`));
    verdict.resurrected.push(...found.resurrected.map((what) => `${what} (${where})`));
  }
  const acknowledged = history.acknowledgedCount;
  // A schedule in which nothing happened shows nothing.
  if (acknowledged === 0) wrong.push('nothing was acknowledged');
  if (reads.trusted === 0) wrong.push('nothing was read');
  return { fault: faultName, acknowledged, stale, wrong, reads, ...verdict };
};

/** Until so many more are acknowledged. */
const flows = async (history: History, more: number): Promise<void> => {
  const wanted = history.acknowledgedCount + more;
  const startedAtMs = performance.now();
  while (history.acknowledgedCount < wanted) {
    if (performance.now() - startedAtMs > FLOW_MAX_MS) {
      throw new Error(`no ${more} operations in ${FLOW_MAX_MS / 1_000} s`);
    }
    await delay(LOOK_INTERVAL_MS);
  }
};

const drain = async (client: RunningClient, history: History): Promise<void> => {
  client.tell({ type: 'drain' });
  const late = delay(DRAIN_MAX_MS, 'late' as const, { ref: false });
  const outcome = await Promise.race([client.drained, late]);
  if (outcome !== 'late') return;
  const left = [...history.operations()].filter(({ result }) => result === undefined);
  const names = left.map(({ operation }) => `${operation.name} of ${operation.target}`);
  throw new Error(`${client.process.name} did not drain: ${names.join(', ')}`);
};
