import { COLLECTIONS, type CollectionName } from '@marquee/topology';
import type { Collection, Db, MongoClient } from 'mongodb';
import type { RejectedDocument } from '../data-cluster.ts';
import type { StoredDocument } from '../stored-document.ts';
import {
  DEPLOYMENT,
  FENCES,
  MAIN_DATABASE,
  RECORDS,
  REJECTED,
  SLOTS_DATABASE,
} from '../stored-names.ts';
import type { FenceDocument, RecordDocument } from './stored-forms.ts';

/** Names of the declared indexes whose builds have ended. */
export interface BuiltIndexes {
  readonly _id: 'indexes';
  readonly built: string[];
}

/** Whose cluster it is, and under which name. */
export interface StoredStamp {
  readonly _id: 'deployment';
  readonly deployment: string;
  readonly cluster: string;
}

/** The collections of one data cluster, typed. */
export interface ClusterCollections {
  readonly main: Db;
  readonly slots: Db;
  readonly fences: Collection<FenceDocument>;
  readonly records: Collection<RecordDocument>;
  readonly rejected: Collection<RejectedDocument>;
  readonly stamps: Collection<StoredStamp>;
  /** Beside the stamp of the deployment. */
  readonly built: Collection<BuiltIndexes>;
  readonly documents: Readonly<Record<CollectionName, Collection<StoredDocument>>>;
}

export const collectionsOf = (client: MongoClient): ClusterCollections => {
  const main = client.db(MAIN_DATABASE);
  const slots = client.db(SLOTS_DATABASE);
  return {
    main,
    slots,
    fences: slots.collection(FENCES),
    records: slots.collection(RECORDS),
    rejected: slots.collection(REJECTED),
    stamps: slots.collection(DEPLOYMENT),
    built: slots.collection(DEPLOYMENT),
    documents: Object.fromEntries(
      COLLECTIONS.map((name) => [name, main.collection<StoredDocument>(name)]),
    ) as Record<CollectionName, Collection<StoredDocument>>,
  };
};
