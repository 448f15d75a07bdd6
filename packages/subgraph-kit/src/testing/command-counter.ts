import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Commands that keep a connection alive; nobody asked for them. */
const OF_THE_DRIVER = new Set(['hello', 'isMaster', 'ismaster', 'ping', 'endSessions']);

const OP_MSG = 2013;
const HEADER_BYTES = 16;
// Flags, the kind of the first section, the size of its document, the type of its first element.
const NAME_AT = HEADER_BYTES + 4 + 1 + 4 + 1;

/** Stands between a driver and a cluster and counts the commands that pass. */
export interface CommandCounter {
  readonly uri: string;
  /** Commands since the last call, by name. */
  take(): Record<string, number>;
  close(): Promise<void>;
}

/** A counter before the cluster at this address, which must be alone in its replica set. */
export const countCommands = async (clusterUri: string): Promise<CommandCounter> => {
  const { hostname, port } = new URL(clusterUri);
  let counts: Record<string, number> = {};
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const cluster = connect(Number(port), hostname);
    for (const [socket, other] of [
      [client, cluster],
      [cluster, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    const readMessage = createMessageReader((name) => {
      if (!OF_THE_DRIVER.has(name)) counts[name] = (counts[name] ?? 0) + 1;
    });
    client.on('data', readMessage);
    client.pipe(cluster);
    cluster.pipe(client);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port: own } = server.address() as AddressInfo;
  return {
    // Direct: the cluster would tell the driver its own address.
    uri: `mongodb://127.0.0.1:${own}/?directConnection=true`,
    take: () => {
      const taken = counts;
      counts = {};
      return taken;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
};

const createMessageReader = (onCommand: (name: string) => void): ((chunk: Buffer) => void) => {
  let pending = Buffer.alloc(0);
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 4) {
      const sizeBytes = pending.readInt32LE(0);
      if (pending.length < sizeBytes) return;
      if (pending.readInt32LE(12) === OP_MSG) {
        onCommand(pending.toString('utf8', NAME_AT, pending.indexOf(0, NAME_AT)));
      }
      pending = pending.subarray(sizeBytes);
    }
  };
};
