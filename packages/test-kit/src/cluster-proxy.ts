import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between clients and a cluster, and treats what passes as a bad network would. */
export class ClusterProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  #fatal: string | undefined;

  private constructor(targetPort: number) {
    this.#server = createServer((client) => {
      const cluster = connect(targetPort, '127.0.0.1');
      for (const [socket, other] of [
        [client, cluster],
        [cluster, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
      client.on('data', (data) => {
        if (this.#fatal !== undefined && data.includes(this.#fatal)) client.destroy();
        else cluster.write(data);
      });
      cluster.on('data', (data) => {
        if (!this.#isCut) client.write(data);
      });
    });
  }

  static async start(targetPort: number): Promise<ClusterProxy> {
    const proxy = new ClusterProxy(targetPort);
    await new Promise<void>((listening) => proxy.#server.listen(0, '127.0.0.1', () => listening()));
    return proxy;
  }

  /** What a driver is given; direct, since the cluster would tell its own address. */
  get uri(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `mongodb://127.0.0.1:${port}/?directConnection=true`;
  }

  /** What clients send arrives, and what the cluster answers does not: writes happen and nobody learns of it. */
  cut(): void {
    this.#isCut = true;
  }

  /** Ends `cut`. Connections that lost a part of what was said are of no use any more. */
  mend(): void {
    if (!this.#isCut) return;
    this.#isCut = false;
    this.closeConnections();
  }

  closeConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** A command of this name never arrives: the connection that it is sent on breaks. */
  breakOn(command: string | undefined): void {
    this.#fatal = command;
  }

  async close(): Promise<void> {
    this.closeConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
