import { MarqueeError } from '@marquee/errors';
import type { NameNodeClient } from '@marquee/namenode-client';
import type { SlotTable } from '@marquee/topology';

/** What the router needs of the NameNode's client: the map, and how far it may be trusted. */
export type MapSource = Pick<
  NameNodeClient,
  'table' | 'refresh' | 'hasReadLease' | 'report' | 'onChange'
>;

/** @throws NAMENODE_UNAVAILABLE if there never was a map. */
export const tableOf = (source: MapSource): SlotTable => {
  const table = source.table();
  if (table === undefined) throw new MarqueeError('NAMENODE_UNAVAILABLE');
  return table;
};
