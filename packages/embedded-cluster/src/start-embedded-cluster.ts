import { createServer, type Server } from 'node:net';
import { Cluster } from './cluster.ts';
import { dispatch } from './commands/dispatch.ts';
import { FolderTaken, lockFolder } from './folder-lock.ts';
import type { Logger } from './logger.ts';
import { Connection } from './wire/connection.ts';
import { CONNECTIONS_MAX } from './wire/limits.ts';

export interface EmbeddedClusterOptions {
  /** Of the replica set that the cluster plays, such as `shard-a`. */
  readonly name: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Made if it is not there; one process at a time. */
  readonly dataDir: string;
  /** There is no authentication, so only loopback addresses are accepted. */
  readonly host?: string;
  /** Fail points and elections on command, for tests. */
  readonly testCommands?: boolean;
  readonly logger?: Logger;
  /** Wall clock in milliseconds, by which sessions, transactions and cursors grow old. */
  readonly nowMs?: () => number;
}

export interface EmbeddedCluster {
  readonly uri: string;
  readonly port: number;
  /** How many reads and writes have been answered since the start. */
  readonly commandsDone: number;
  /** Answers what is running, puts everything on disk and gives port and folder back. */
  close(): Promise<void>;
}

export class PortTaken extends Error {
  readonly code = 'PORT_TAKEN';

  constructor(port: number) {
    super(`port ${port.toString()} on 127.0.0.1 is in use by another process`);
    this.name = 'PortTaken';
  }
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);

/** How often idle sessions, transactions and cursors are looked for; their limits are from a minute up. */
const EXPIRE_INTERVAL_MS = 1000;
const PURGE_INTERVAL_MS = 10 * 60 * 1000;

/** Running commands get this long at a close before they are interrupted. */
const DRAIN_MS = 3000;

/**
 * Starts a cluster in this process: a replica set of one member that speaks the MongoDB wire protocol on
 * loopback and keeps its data in `dataDir`. Resolves when it answers. For development, demos and tests
 * only. Throws FolderTaken (`DATA_FOLDER_TAKEN`), PortTaken (`PORT_TAKEN`), or RangeError for a host that
 * is not loopback.
 */
export const startEmbeddedCluster = async (
  options: EmbeddedClusterOptions,
): Promise<EmbeddedCluster> => {
  const host = options.host ?? '127.0.0.1';
  if (!LOOPBACK.has(host)) {
    throw new RangeError(
      `the embedded cluster has no authentication and listens on loopback only, not on ${host}`,
    );
  }
  const unlock = lockFolder(options.dataDir, { name: options.name, port: options.port });
  let cluster: Cluster | undefined;
  try {
    cluster = new Cluster({
      name: options.name,
      dataDir: options.dataDir,
      testCommands: options.testCommands ?? false,
      nowMs: options.nowMs ?? Date.now,
      monotonicMs: () => performance.now(),
      logger: options.logger,
    });
    if (cluster.store.readerPids().some((pid) => pid !== process.pid)) {
      throw new FolderTaken(options.dataDir, undefined);
    }
    const { server, port } = await listen(cluster, host, options.port);
    return running(cluster, server, { host, port, unlock });
  } catch (error) {
    await cluster?.close();
    unlock();
    throw error;
  }
};

const listen = async (
  cluster: Cluster,
  host: string,
  port: number,
): Promise<{ server: Server; port: number }> => {
  let nextId = 1;
  const server = createServer((socket) => {
    const connection: Connection = new Connection(
      socket,
      nextId++,
      (request, from) => dispatch(cluster, request, from),
      (error) =>
        cluster.logger?.warn({ err: error, connection: connection.id }, 'closing a connection'),
    );
    cluster.connections.add(connection);
    connection.onClose(() => cluster.connections.delete(connection));
  });
  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTaken(port) : error);
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  cluster.address = `${host.includes(':') ? `[${host}]` : host}:${bound.toString()}`;
  return { server, port: bound };
};

const running = (
  cluster: Cluster,
  server: Server,
  { port, unlock }: { host: string; port: number; unlock: () => void },
): EmbeddedCluster => {
  const expiry = setInterval(() => {
    cluster.expire();
  }, EXPIRE_INTERVAL_MS);
  const purge = setInterval(() => {
    cluster.sessions
      .purge()
      .catch((error: unknown) => cluster.logger?.warn({ err: error }, 'purging sessions'));
  }, PURGE_INTERVAL_MS);
  expiry.unref();
  purge.unref();
  let closing: Promise<void> | undefined;
  return {
    uri: `mongodb://${cluster.address}/?replicaSet=${encodeURIComponent(cluster.name)}`,
    port,
    get commandsDone() {
      return cluster.commandsDone;
    },
    close: () => (closing ??= close(cluster, server, [expiry, purge]).finally(unlock)),
  };
};

const close = async (cluster: Cluster, server: Server, timers: NodeJS.Timeout[]): Promise<void> => {
  for (const timer of timers) clearInterval(timer);
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  for (const connection of cluster.connections) connection.closeSoon();
  const impatient = setTimeout(() => {
    for (const connection of cluster.connections) connection.destroy();
  }, DRAIN_MS);
  await closed;
  clearTimeout(impatient);
  await cluster.close();
};
