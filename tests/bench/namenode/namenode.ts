import { readFileSync } from 'node:fs';
import { createServiceTokenSource } from '@marquee/identity';
import { createNameNodeClient } from '@marquee/namenode-client';
import { readClusterAddresses } from '@marquee/service-kit';
import { createShardRouter, type ShardRouter } from '@marquee/shard-router';
import { GraphUser } from '../../load/graph.ts';
import { Operator } from '../../load/operator.ts';
import { WholeSystem } from '../../load/whole-system.ts';
import { briefFigure, isMet, toldFigure, type Figure } from './figure.ts';
import { inProcess } from './in-process.ts';
import { locate } from './locate.ts';
import { migration } from './migration.ts';
import { propagation } from './propagation.ts';

const TAKE_OVER_MAX_MS = 6_000;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Measures a running system with two NameNodes; exits with 1 if a figure is not what it should be. */
export const main = async (): Promise<number> => {
  const figures: Figure[] = [];
  const add = (...more: Figure[]): void => {
    figures.push(...more);
    for (const figure of more) console.log(`  ${toldFigure(figure)}`);
  };
  add(...inProcess());
  const system = await WholeSystem.start();
  try {
    const { endpoints } = system;
    const tokens = createServiceTokenSource({
      secret: readFileSync(system.serviceSecretFile, 'utf8').trim(),
      service: 'bench',
      now: Date.now,
    });
    const login = endpoints.logins.find(({ role }) => role === 'ADMIN');
    const [url] = endpoints.nameNodes;
    const pid = endpoints.processes.find(({ name }) => name === 'namenode-1')?.pid;
    if (login === undefined || url === undefined || pid === undefined) {
      throw new Error('the system is not what it should be');
    }
    const admin = await GraphUser.signIn(endpoints, login);
    const operator = new Operator(endpoints.nameNodes, admin.token);
    add(...(await locate({ url, pid, token: await tokens.current() })));
    let isPaused = false;
    add(
      await propagation({
        urls: endpoints.nameNodes,
        token: await tokens.current(),
        change: async () => {
          isPaused = !isPaused;
          await operator.automation(isPaused ? 'paused' : 'active');
        },
      }),
    );
    await withRouter(
      system,
      () => tokens.current(),
      async (router) => {
        add(...(await migration(router, operator)));
      },
    );
    add(await takeOver(system, operator));
  } finally {
    await system.close();
  }
  console.log(`bench namenode: ${figures.map(briefFigure).join(', ')}`);
  return figures.every(isMet) ? 0 : 1;
};

export const withRouter = async (
  { endpoints, clustersFile }: WholeSystem,
  serviceToken: () => Promise<string>,
  work: (router: ShardRouter) => Promise<void>,
): Promise<void> => {
  const nameNodeClient = createNameNodeClient({ urls: endpoints.nameNodes, serviceToken });
  await nameNodeClient.start();
  const router = createShardRouter({
    nameNodeClient,
    addresses: () => readClusterAddresses(clustersFile),
    logger: silent,
    by: 'bench',
  });
  try {
    await work(router);
  } finally {
    await router.close();
    await nameNodeClient.close();
  }
};

const takeOver = async (system: WholeSystem, operator: Operator): Promise<Figure> => {
  const { leader } = await operator.status();
  if (leader === null) throw new Error('nobody leads');
  const startedAtMs = performance.now();
  system.kill(leader);
  await operator.until('another leader', async () => {
    const now = (await operator.status()).leader;
    return now === leader ? undefined : (now ?? undefined);
  });
  const value = performance.now() - startedAtMs;
  return { name: 'take-over', value, unit: 'ms', atMost: TAKE_OVER_MAX_MS };
};
