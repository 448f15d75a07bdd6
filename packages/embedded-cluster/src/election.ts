import { CommandError } from './command-error.ts';
import type { Connection } from './wire/connection.ts';
import type { Cluster } from './cluster.ts';

/**
 * Whether this member is the primary. Only the test command makes it step down: it then plays what
 * clients of a real set meet, up to the loss of what no majority had.
 */
export class Election {
  readonly #cluster: Cluster;
  readonly #listeners = new Set<() => void>();
  #primary = true;
  #changes = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  get isPrimary(): boolean {
    return this.#primary;
  }

  /** How often the member has stepped down or up: the counter of its topologyVersion. */
  get changes(): number {
    return this.#changes;
  }

  /** Resolves when there have been other than `known` changes, the time is up or the connection gone. */
  async changedFrom(known: number, connection: Connection, maxMs: number): Promise<void> {
    if (known !== this.#changes || connection.closed) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(done);
        forget();
        resolve();
      };
      const timer = setTimeout(done, maxMs);
      this.#listeners.add(done);
      const forget = connection.onClose(done);
    });
  }

  assertPrimary(kind: 'read' | 'write'): void {
    if (this.#primary) return;
    throw kind === 'write'
      ? new CommandError('NotWritablePrimary', 'not primary')
      : new CommandError(13435, 'not primary and secondaryOk=false');
  }

  /**
   * Steps down at once, interrupts what runs, drops every connection but the one that ordered it, undoes
   * what was not written with `w: majority`, and comes back as the primary of a new term.
   */
  async hold(orderedBy: Connection, unavailableMs: number): Promise<void> {
    const { store, sessions, cursors, operations, connections } = this.#cluster;
    this.#become(false);
    const returned = new Promise<void>((resolve) => setTimeout(resolve, unavailableMs));
    const interrupted = new CommandError(
      'InterruptedDueToReplStateChange',
      'operation was interrupted',
    );
    for (const operation of operations) operation.kill(interrupted);
    sessions.forgetAll();
    cursors.closeAll();
    for (const connection of connections) if (connection !== orderedBy) connection.closeSoon();
    await store.elect();
    void returned.then(() => {
      sessions.forgetAll();
      this.#become(true);
    });
  }

  #become(primary: boolean): void {
    this.#primary = primary;
    this.#changes += 1;
    for (const listener of [...this.#listeners]) listener();
  }
}
