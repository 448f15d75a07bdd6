import { setTimeout as sleep } from 'node:timers/promises';
import { createServiceTokenSource } from '@marquee/identity';
import { createNameNodeClient } from '@marquee/namenode-client';
import { createLogger, readClusterAddresses, runService } from '@marquee/service-kit';
import { createShardRouter, READ_LIMITS, ROUTER_LIMITS } from '@marquee/shard-router';
import type { ReadDeadline } from './data-layer.ts';
import { openWithIndexes } from './index-gate.ts';
import { writeDeadlineMs, type SubgraphConfig } from './subgraph-environment.ts';
import { createSubgraphService, type SubgraphDefinition } from './subgraph-service.ts';

/**
 * The main program of a subgraph: configuration, the shard map, the router, the HTTP service, and an
 * orderly end. `/readyz` answers 503 until there is a first shard map, and the clusters that are read
 * have every index that this code declares.
 */
export const runSubgraph = async <Sources, Config extends SubgraphConfig>(
  createDefinition: (config: Config) => SubgraphDefinition<Sources>,
  loadConfig: () => Config,
): Promise<void> => {
  const loaded = loadOrError(loadConfig);
  if ('error' in loaded) {
    // Ends the process as every other failure of a start does.
    const logger = createLogger({ service: 'subgraph', level: 'info' });
    return runService(logger, () => Promise.reject(loaded.error));
  }
  const { config } = loaded;
  const definition = createDefinition(config);
  const instance = config.INSTANCE_NAME ?? definition.name;
  const logger = createLogger({ service: instance, level: config.LOG_LEVEL });
  return runService(logger, async () => {
    const serviceSecret = config.MARQUEE_SERVICE_SECRET_FILE;
    const serviceTokens = createServiceTokenSource({
      secret: serviceSecret,
      service: definition.name,
      now: Date.now,
    });
    const nameNodeClient = createNameNodeClient({
      urls: config.NAMENODE_URLS,
      serviceToken: () => serviceTokens.current(),
      onFailure: (err) => logger.warn({ err }, 'a NameNode did not answer'),
    });
    // Listens before it is ready: whoever asks is told that the map is missing, not refused.
    nameNodeClient.start().catch((err: unknown) => {
      logger.error({ err }, 'there is no shard map yet');
    });
    const router = createShardRouter({
      nameNodeClient,
      addresses: () => readClusterAddresses(config.MARQUEE_CLUSTERS_FILE),
      logger,
      by: instance,
      limits: {
        write: {
          ...ROUTER_LIMITS.write,
          deadlineMs: writeDeadlineMs(config),
        },
      },
    });
    const indexes = openWithIndexes({
      missingIndexes: () => router.missingIndexes(),
      sleep: (durationMs, signal) =>
        sleep(durationMs, undefined, { signal }).catch(() => undefined),
      logger,
    });
    const app = await createSubgraphService(definition, {
      router,
      serviceSecret,
      viewerPublicKey: config.MARQUEE_VIEWER_PUBLIC_KEY_FILE,
      logger,
      now: Date.now,
      newReadDeadline: (budgetMs = READ_LIMITS.readDeadlineMs) =>
        readDeadline(Math.min(budgetMs, READ_LIMITS.readDeadlineMs), () => performance.now()),
      readiness: {
        'shard-map': () => nameNodeClient.current() !== undefined,
        indexes: () => indexes.isOpen,
      },
    });
    return {
      app,
      host: config.HOST,
      port: config.PORT,
      close: async () => {
        indexes.close();
        await router.close();
        await nameNodeClient.close();
      },
    };
  });
};

const loadOrError = <Config>(loadConfig: () => Config): { config: Config } | { error: Error } => {
  try {
    return { config: loadConfig() };
  } catch (error) {
    return { error: error as Error };
  }
};

/** A deadline that begins now, measured on a monotonic clock. */
export const readDeadline = (delayMs: number, monotonicNow: () => number): ReadDeadline => {
  const atMs = monotonicNow() + delayMs;
  return {
    get remainingMs() {
      return Math.max(0, atMs - monotonicNow());
    },
  };
};
