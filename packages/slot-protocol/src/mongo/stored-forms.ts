import { MarqueeError } from '@marquee/errors';
import { BSON, type Document, type Filter, type UpdateFilter } from 'mongodb';
import { PROTOCOL_VERSION, type Fence, type FenceChange, type FenceMatch } from '../fence.ts';
import type { OperationRecord } from '../operation-record.ts';
import { oneOf } from './one-of.ts';

/** A fence as it lies in the database: the slot is its `_id`. */
export interface FenceDocument extends Omit<Fence, 'slot' | 'pushTo' | 'lastTransaction'> {
  readonly _id: number;
  readonly pushTo: string[];
  readonly lastTransaction?: string;
  /** Counts its changes: MongoDB takes no conflict for an update that leaves a document as it is. */
  readonly touched?: number;
}

/** A record as it lies in the database: numbered by its `_id`. */
export interface RecordDocument extends Omit<OperationRecord, 'sequence' | 'touched'> {
  readonly _id: { readonly slot: number; readonly sequence: number };
  readonly touched: { collection: OperationRecord['touched'][number]['collection']; id: string }[];
}

/** @throws PROTOCOL_UNSUPPORTED: what it says may mean something else, so that nothing is done by it. */
export const toFence = ({
  _id,
  lastTransaction = '',
  touched: _touched,
  ...fence
}: FenceDocument): Fence => {
  const { protocol } = fence;
  if (protocol !== PROTOCOL_VERSION) {
    const message = `The fence of slot ${_id} follows version ${protocol} of the slot protocol, not ${PROTOCOL_VERSION}.`;
    throw new MarqueeError('PROTOCOL_UNSUPPORTED', { slot: _id, protocol }, { message });
  }
  return { slot: _id, ...fence, lastTransaction };
};

export const fromFence = ({ slot, ...fence }: Fence): FenceDocument => ({
  _id: slot,
  ...fence,
  pushTo: [...fence.pushTo],
});

export const toRecord = ({ _id, ...record }: RecordDocument): OperationRecord => ({
  ...record,
  sequence: _id.sequence,
});

export const fromRecord = ({ sequence, ...record }: OperationRecord): RecordDocument => ({
  _id: { slot: record.slot, sequence },
  ...record,
  touched: record.touched.map(({ collection, id }) => ({ collection, id })),
});

export const fenceFilter = (
  slots: readonly number[],
  match: FenceMatch,
): Filter<FenceDocument> => ({
  _id: oneOf(slots),
  ...condition('state', typeof match.state === 'object' ? { $in: [...match.state] } : match.state),
  ...condition('edit', match.edit ?? atMost(match.editAtMost)),
  ...condition('epoch', match.epoch ?? atMost(match.epochAtMost)),
  ...condition(
    'sequence',
    match.sequence ??
      (match.sequenceBelow === undefined ? undefined : { $lt: match.sequenceBelow }),
  ),
  // null finds the fences of which nobody noted it.
  ...condition(
    'lastTransaction',
    match.lastTransaction === '' ? { $in: ['', null] } : match.lastTransaction,
  ),
});

const condition = (field: string, value: unknown) =>
  value === undefined ? {} : { [field]: value };

const atMost = (value: number | undefined) => (value === undefined ? undefined : { $lte: value });

export const fenceUpdate = ({
  advanceBy,
  pushTo,
  ...set
}: FenceChange): UpdateFilter<FenceDocument> => {
  const update: UpdateFilter<FenceDocument> = { $inc: { touched: 1 } };
  const fields = { ...set, ...(pushTo === undefined ? {} : { pushTo: [...pushTo] }) };
  if (Object.keys(fields).length > 0) update.$set = fields;
  if (advanceBy !== undefined) update.$inc = { touched: 1, sequence: advanceBy };
  return update;
};

/** Size in bytes of a value as it would be stored. */
export const storedSizeBytes = (value: Document): number =>
  BSON.calculateObjectSize(value, { ignoreUndefined: true });

/** A value as it will be read back: without undefined fields, and a copy that nobody else holds. */
export const asStored = <T extends Document>(value: T): T =>
  BSON.deserialize(BSON.serialize(value, { ignoreUndefined: true })) as T;

/** Whether two values are stored as the same bytes. */
export const storedAlike = (left: Document, right: Document): boolean =>
  Buffer.compare(BSON.serialize(left), BSON.serialize(right)) === 0;
