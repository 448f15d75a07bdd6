import type { Collection, Db } from 'mongodb';
import { metadataCall } from '../edit-log/metadata-database.ts';
import type { HeartbeatStore } from './heartbeat-memory.ts';

interface HeartbeatDocument {
  readonly _id: 'heartbeats';
  readonly numbers: { readonly cluster: string; readonly heartbeat: number }[];
}

/** One document of collection `heartbeats` of the metadata cluster. */
export const createMongoHeartbeatStore = (db: Db): HeartbeatStore => {
  const heartbeats: Collection<HeartbeatDocument> = db.collection('heartbeats');
  return {
    load: () =>
      metadataCall(async () => {
        const found = await heartbeats.findOne({ _id: 'heartbeats' });
        const entries = found?.numbers.map(({ cluster, heartbeat }) => [cluster, heartbeat]) ?? [];
        return Object.fromEntries(entries) as Record<string, number>;
      }),
    save: (numbers) =>
      metadataCall(async () => {
        const list = Object.entries(numbers).map(([cluster, heartbeat]) => ({
          cluster,
          heartbeat,
        }));
        await heartbeats.replaceOne({ _id: 'heartbeats' }, { numbers: list }, { upsert: true });
      }),
  };
};
