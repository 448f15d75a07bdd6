import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const OP_MSG = 2013;
const HEADER_BYTES = 16;
// Flags, the kind of the first section, the size of its document, the type of its first element.
const NAME_AT = HEADER_BYTES + 4 + 1 + 4 + 1;

/** Stands between drivers and a cluster, and counts everything that passes, the drivers' own too. */
export interface WireMeter {
  readonly uri: string;
  /** Since the last call: commands by name, and bytes in both directions. */
  take(): { readonly commands: Record<string, number>; readonly bytes: number };
  close(): Promise<void>;
}

/** A meter before the cluster at this address, which must be alone in its replica set. */
export const meterCluster = async (clusterUri: string): Promise<WireMeter> => {
  const { hostname, port } = new URL(clusterUri);
  let commands: Record<string, number> = {};
  let bytes = 0;
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
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        other.write(chunk);
      });
    }
    client.on(
      'data',
      commandReader((name) => {
        commands[name] = (commands[name] ?? 0) + 1;
      }),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port: own } = server.address() as AddressInfo;
  return {
    // Direct: the cluster would tell the driver its own address.
    uri: `mongodb://127.0.0.1:${own}/?directConnection=true`,
    take: () => {
      const taken = { commands, bytes };
      commands = {};
      bytes = 0;
      return taken;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
};

const commandReader = (onCommand: (name: string) => void): ((chunk: Buffer) => void) => {
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
