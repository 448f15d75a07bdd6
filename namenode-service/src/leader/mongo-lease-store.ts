import type { Collection, Db } from 'mongodb';
import { isDuplicateKey, metadataCall } from '../edit-log/metadata-database.ts';
import type { LeaseStore, StoredLease } from './leader-lease.ts';

interface LeaseDocument extends StoredLease {
  readonly _id: 'leader';
}

const NOBODY: StoredLease = { holder: null, counter: 0, url: null };

/** The lease as one document of collection `leases`. */
export const createMongoLeaseStore = (db: Db): LeaseStore => {
  const leases: Collection<LeaseDocument> = db.collection('leases');

  const read = async (): Promise<StoredLease> => {
    const found = await leases.findOne({ _id: 'leader' });
    if (found === null) return NOBODY;
    const { holder, counter, url } = found;
    return { holder, counter, url };
  };

  const compareAndSet = async (counter: number, next: StoredLease): Promise<boolean> => {
    try {
      const filter = { _id: 'leader' as const, counter };
      const options = { upsert: counter === NOBODY.counter };
      const result = await leases.replaceOne(filter, next, options);
      return result.matchedCount + result.upsertedCount === 1;
    } catch (error) {
      // An upsert that lost the race against another instance's.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  };

  return {
    read: () => metadataCall(read),
    compareAndSet: (counter, next) => metadataCall(() => compareAndSet(counter, next)),
  };
};
