import { MarqueeError, toProblem } from '@marquee/errors';
import type { FastifyInstance } from 'fastify';
import type { Logger } from './logger.ts';

/** A drain that takes longer is cut: the process ends with what it has. */
export const DRAIN_MAX_MS = 10_000;

export interface RunningService {
  readonly app: FastifyInstance;
  readonly host: string;
  readonly port: number;
  /** Called after the last request was answered: close clients, pools, timers. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a service and ends it in order: listens, says so in one line
 * (`{"event":"listening","url":…}`, what the launcher waits for), and on SIGTERM or SIGINT stops
 * taking requests, finishes those under way, closes, and exits 0. What fails at the start is logged
 * by its code and exits 1; an error that nobody caught exits 70, since its state is not to be trusted.
 */
export const runService = async (
  logger: Logger,
  start: () => Promise<RunningService>,
): Promise<void> => {
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught error');
    process.exit(70);
  });
  try {
    const service = await start();
    const address = await service.app.listen({ host: service.host, port: service.port });
    logger.info({ event: 'listening', url: address, pid: process.pid }, 'listening');
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => void drain(logger, service));
    }
  } catch (error) {
    logger.fatal({ problem: toProblem(startUpFailure(error)), err: error }, 'could not start');
    process.exit(1);
  }
};

const startUpFailure = (error: unknown): unknown => {
  if ((error as { code?: unknown }).code !== 'EADDRINUSE') return error;
  return new MarqueeError(
    'CONFIGURATION_INVALID',
    {},
    { message: 'PORT: the port is in use', cause: error },
  );
};

const drain = async (logger: Logger, service: RunningService): Promise<void> => {
  logger.info({ event: 'draining' }, 'draining');
  setTimeout(() => {
    logger.warn({ event: 'drain-cut' }, 'drain took too long');
    process.exit(1);
  }, DRAIN_MAX_MS).unref();
  await service.app.close();
  await service.close();
  logger.info({ event: 'stopped' }, 'stopped');
  process.exit(0);
};
