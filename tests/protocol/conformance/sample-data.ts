import { Deadline, systemClock, type Fence, type OperationRecord } from '@marquee/slot-protocol';
import type { StoredDocument } from '@marquee/slot-protocol';

/** Long enough for a busy machine; a test that waits for it has failed. */
export const soon = (): Deadline => Deadline.after(20_000, systemClock);

export const fence = (slot: number, fields: Partial<Fence> = {}): Fence => ({
  slot,
  protocol: 1,
  edit: 1,
  epoch: 1,
  state: 'open',
  sequence: 0,
  lastTransaction: '',
  pushTo: ['other'],
  purgedThrough: 0,
  refuseIdsBefore: '',
  ...fields,
});

export const record = (
  slot: number,
  sequence: number,
  fields: Partial<OperationRecord> = {},
): OperationRecord => ({
  slot,
  sequence,
  epoch: 1,
  operationId: `somebody/${slot}-${sequence}`,
  requestHash: 'hash',
  touched: [{ collection: 'movies', id: 'film' }],
  result: { count: sequence },
  by: 'test',
  at: new Date(1_000 + sequence),
  ...fields,
});

export const film = (id: string, fields: Record<string, unknown> = {}): StoredDocument => ({
  _id: id,
  slot: 1,
  version: { epoch: 1, sequence: 1 },
  revision: 1,
  deleted: false,
  ...fields,
});
