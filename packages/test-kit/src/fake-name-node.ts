import { SlotTable, type ShardMap } from '@marquee/topology';

/** A report as a router sends it. */
export interface FakeReport {
  readonly unreachable?: readonly string[];
  readonly behind?: readonly { readonly slot: number; readonly cluster: string }[];
}

/** A NameNode's client without a NameNode: the test says what the map is. */
export interface FakeNameNode {
  table(): SlotTable | undefined;
  /** Counts, and takes over what `setMap` has prepared. */
  refresh(): Promise<void>;
  hasReadLease(): boolean;
  report(report: FakeReport): Promise<void>;
  onChange(listener: (map: ShardMap) => void): () => void;

  /** The next refresh finds this map; with `now`, it is known at once. */
  setMap(map: ShardMap, options?: { now?: boolean }): void;
  /** Whether the lease holds from now on; it does at first. */
  setLease(held: boolean): void;
  /** Calls that a real client would have sent to a NameNode. */
  readonly calls: { readonly refresh: number; readonly report: number };
  /** Clusters that were reported unreachable. */
  readonly reported: readonly string[];
  /** Slots of clusters that were reported to lag behind. */
  readonly reportedBehind: readonly { readonly slot: number; readonly cluster: string }[];
}

export const createFakeNameNode = (first: ShardMap): FakeNameNode => {
  let known = new SlotTable(first);
  let next: SlotTable | undefined;
  let lease = true;
  const calls = { refresh: 0, report: 0 };
  const listeners = new Set<(map: ShardMap) => void>();
  const take = (table: SlotTable): void => {
    if (table === known) return;
    known = table;
    for (const listener of listeners) listener(table.map);
  };
  const reported: string[] = [];
  const reportedBehind: { slot: number; cluster: string }[] = [];
  return {
    table: () => known,
    async refresh() {
      calls.refresh += 1;
      take(next ?? known);
    },
    hasReadLease: () => lease,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async report({ unreachable = [], behind = [] }) {
      calls.report += 1;
      reported.push(...unreachable);
      reportedBehind.push(...behind);
    },
    setMap(map, { now = false } = {}) {
      next = new SlotTable(map);
      if (now) take(next);
    },
    setLease(held) {
      lease = held;
    },
    calls,
    reported,
    reportedBehind,
  };
};
