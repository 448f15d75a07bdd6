import type { Collection, Db } from 'mongodb';
import { isDuplicateKey, metadataCall } from '../edit-log/metadata-database.ts';
import type { Repair } from './repair.ts';
import {
  REPORT_MAX,
  STEPS_MAX,
  type OperationEntry,
  type OperationStep,
  type OperationStore,
} from './operation-entry.ts';

interface OperationDocument extends Omit<
  OperationEntry,
  'id' | 'steps' | 'report' | 'idempotencyKey'
> {
  readonly _id: string;
  readonly steps: OperationStep[];
  readonly report?: Repair[];
  /** Absent where none was given, so that a sparse index keeps the others unique. */
  readonly idempotencyKey?: string;
}

const toEntry = ({ _id, idempotencyKey, ...rest }: OperationDocument): OperationEntry => ({
  id: _id,
  idempotencyKey: idempotencyKey ?? null,
  ...rest,
});

const toDocument = ({
  id,
  idempotencyKey,
  steps,
  report,
  ...rest
}: OperationEntry): OperationDocument => ({
  _id: id,
  ...rest,
  steps: [...steps],
  ...(report === undefined ? {} : { report: [...report] }),
  ...(idempotencyKey === null ? {} : { idempotencyKey }),
});

/** Collection `operations` of the metadata cluster; ids ascend with time. */
export const createMongoOperationStore = (db: Db): OperationStore => {
  const operations: Collection<OperationDocument> = db.collection('operations');
  let indexed: Promise<unknown> | undefined;
  const ensureIndexes = async (): Promise<void> => {
    indexed ??= operations.createIndexes([
      { key: { idempotencyKey: 1 }, unique: true, sparse: true },
      { key: { status: 1, _id: 1 } },
    ]);
    await indexed.catch((error: unknown) => {
      indexed = undefined;
      throw error;
    });
  };

  const insert = async (entry: OperationEntry): Promise<OperationEntry> => {
    await ensureIndexes();
    try {
      await operations.insertOne(toDocument(entry));
      return entry;
    } catch (error) {
      if (!isDuplicateKey(error) || entry.idempotencyKey === null) throw error;
      const known = await operations.findOne({ idempotencyKey: entry.idempotencyKey });
      if (known === null) throw error;
      return toEntry(known);
    }
  };

  return {
    insert: (entry) => metadataCall(() => insert(entry)),
    addStep: (id, step) =>
      metadataCall(async () => {
        const steps = { $each: [step], $slice: -STEPS_MAX };
        await operations.updateOne({ _id: id }, { $push: { steps } });
      }),
    addToReport: (id, repair) =>
      metadataCall(async () => {
        const report = { $each: [repair], $slice: REPORT_MAX };
        await operations.updateOne({ _id: id }, { $push: { report } });
      }),
    update: (id, change) =>
      metadataCall(async () => {
        await operations.updateOne({ _id: id }, { $set: change });
      }),
    find: (id) =>
      metadataCall(async () => {
        const found = await operations.findOne({ _id: id });
        return found === null ? undefined : toEntry(found);
      }),
    findByKey: (idempotencyKey) =>
      metadataCall(async () => {
        const found = await operations.findOne({ idempotencyKey });
        return found === null ? undefined : toEntry(found);
      }),
    list: (limit, before) =>
      metadataCall(async () => {
        const filter = before === undefined ? {} : { _id: { $lt: before } };
        const found = operations.find(filter, { sort: { _id: -1 }, limit });
        return (await found.toArray()).map(toEntry);
      }),
    unfinished: () =>
      metadataCall(async () => {
        const filter = { status: { $in: ['queued' as const, 'running' as const] } };
        const found = operations.find(filter, { sort: { _id: 1 } });
        return (await found.toArray()).map(toEntry);
      }),
  };
};
