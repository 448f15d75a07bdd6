import { slotOf } from '@marquee/topology';
import { ReadConcern, WriteConcern, type ClientSession, type MongoClient } from 'mongodb';

interface Fence {
  _id: number;
  state: string;
  epoch: number;
  sequence: number;
}

interface Film {
  _id: string;
  slot: number;
  deleted: boolean;
  [field: string]: unknown;
}

export const films = (client: MongoClient) => client.db('marquee').collection<Film>('movies');

const TRANSACTION = {
  readConcern: new ReadConcern('snapshot'),
  writeConcern: new WriteConcern('majority'),
};

/**
 * An acknowledged write as somebody would write it down by hand: the statements of PROTOCOL.md section 2
 * one after the other, with no queue, no retry, no check and no deadline.
 */
export const bareWrite = async (
  owner: MongoClient,
  replica: MongoClient,
  film: { _id: string; title: string },
  operationId: string,
): Promise<void> => {
  const slot = slotOf(film._id);
  const written = await inTransaction(owner, async (session) => {
    const fences = owner.db('marquee_slots').collection<Fence>('fences');
    const before = await fences.findOneAndUpdate(
      { _id: slot },
      { $inc: { sequence: 1 } },
      { session, returnDocument: 'before' },
    );
    const { sequence = 0, epoch = 0 } = before ?? {};
    const records = owner
      .db('marquee_slots')
      .collection<{ _id: object; slot: number; operationId: string }>('records');
    await records.find({ slot, operationId }, { session }).toArray();
    await films(owner).find({ _id: film._id }, { session }).toArray();
    const version = { epoch, sequence: sequence + 1 };
    const document = { ...film, slot, version, revision: 1, deleted: false };
    const record = {
      _id: { slot, sequence: sequence + 1 },
      slot,
      epoch,
      operationId,
      requestHash: 'put',
      touched: [{ collection: 'movies', id: film._id }],
      result: {},
      by: 'bench',
      at: new Date(),
    };
    await replace(owner, document, session);
    await records.insertMany([record], { session });
    return { document, record, sequence };
  });
  await inTransaction(replica, async (session) => {
    const fences = replica.db('marquee_slots').collection<Fence>('fences');
    await fences.findOneAndUpdate(
      { _id: slot, state: 'follower', sequence: written.sequence },
      { $set: { sequence: written.sequence + 1 } },
      { session, returnDocument: 'before' },
    );
    await replace(replica, written.document, session);
    await replica
      .db('marquee_slots')
      .collection<{ _id: object }>('records')
      .insertMany([written.record], { session });
  });
};

const replace = (client: MongoClient, document: Film, session: ClientSession) =>
  films(client).bulkWrite(
    [{ replaceOne: { filter: { _id: document._id }, replacement: document, upsert: true } }],
    { session },
  );

const inTransaction = async <T>(
  client: MongoClient,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> => {
  const session = client.startSession();
  try {
    session.startTransaction(TRANSACTION);
    const result = await work(session);
    await session.commitTransaction();
    return result;
  } finally {
    await session.endSession();
  }
};
