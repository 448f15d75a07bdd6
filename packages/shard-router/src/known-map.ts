import { Deadline, type Clock, type ClusterRegistry } from '@marquee/slot-protocol';
import { SlotTable } from '@marquee/topology';
import { mapFromFences, type ClusterFences } from './map-from-fences.ts';
import type { MapSource } from './map-source.ts';

/** How long reading the fences of a cluster may take before it is done without. */
export const FENCES_MAX_MS = 1_500;

/** Between two readings of all fences: every write that waits for an owner asks for one. */
export const FENCES_INTERVAL_MS = 1_000;

export interface KnownMapOptions {
  readonly client: MapSource;
  readonly clusters: ClusterRegistry;
  /** Names of all clusters that this process has addresses for. */
  readonly clusterNames: () => Promise<readonly string[]>;
  readonly clock: Clock;
}

type Listener = Parameters<MapSource['onChange']>[0];

/**
 * The map of the NameNode's client; while no NameNode answers, corrected by what the fences say. Under
 * a corrected map there is no read lease.
 */
export class KnownMap implements MapSource {
  readonly #options: KnownMapOptions;
  #corrected: { readonly base: SlotTable | undefined; readonly table: SlotTable } | undefined;
  #reading: Promise<void> | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;
  readonly #listeners = new Set<Listener>();

  constructor(options: KnownMapOptions) {
    this.#options = options;
  }

  table(): SlotTable | undefined {
    const base = this.#options.client.table();
    return this.#corrected !== undefined && this.#corrected.base === base
      ? this.#corrected.table
      : base;
  }

  /** Rejects as the client does, unless the fences of some cluster have taught something newer. */
  async refresh(): Promise<void> {
    try {
      await this.#options.client.refresh();
    } catch (error) {
      const before = this.table();
      await (this.#reading ??= this.#readFences().finally(() => (this.#reading = undefined)));
      if (this.table() === before) throw error;
    }
  }

  hasReadLease(): boolean {
    const { client } = this.#options;
    return client.hasReadLease() && this.table() === client.table();
  }

  /** Told of the client's maps, and of what the fences have taught. */
  onChange(listener: Listener): () => void {
    const stop = this.#options.client.onChange(listener);
    this.#listeners.add(listener);
    return () => {
      stop();
      this.#listeners.delete(listener);
    };
  }

  report(report: Parameters<MapSource['report']>[0]): Promise<void> {
    return this.#options.client.report(report);
  }

  async #readFences(): Promise<void> {
    const { client, clusterNames, clock } = this.#options;
    if (clock.monotonicNow() - this.#readAtMs < FENCES_INTERVAL_MS) return;
    this.#readAtMs = clock.monotonicNow();
    const names = await clusterNames();
    const answers = await Promise.all(names.map((name) => this.#fencesOf(name)));
    const map = mapFromFences(
      answers.filter((answer) => answer !== undefined),
      this.table()?.map,
    );
    if (map === undefined) return;
    this.#corrected = { base: client.table(), table: new SlotTable(map) };
    for (const listener of this.#listeners) listener(map);
  }

  async #fencesOf(cluster: string): Promise<ClusterFences | undefined> {
    const { clusters, clock } = this.#options;
    try {
      const found = await clusters.get(cluster);
      return { cluster, fences: await found.fences('all', Deadline.after(FENCES_MAX_MS, clock)) };
    } catch {
      // Whoever does not answer says nothing; a write or a strong read will find out.
      return undefined;
    }
  }
}
