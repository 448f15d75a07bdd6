import {
  MongoBulkWriteError,
  MongoNetworkError,
  MongoServerError,
  type BulkWriteResult,
} from 'mongodb';
import { ClusterUnreachable } from '../cluster-unreachable.ts';
import { fromDriver, isUnreachable } from './driver-errors.ts';

const systemError = (code: string): Error => Object.assign(new Error('socket'), { code });
const result = {} as BulkWriteResult;

describe('errors of the driver', () => {
  it.each([
    ['a lost connection', new MongoNetworkError('connection 3 closed')],
    [
      'a lost connection amid a bulk write',
      new MongoBulkWriteError(
        new MongoNetworkError('connection 3 closed') as unknown as MongoServerError,
        result,
      ),
    ],
    ['a write to a closing socket', systemError('EPIPE')],
    ['no primary', new MongoServerError({ message: 'not primary', code: 10107 })],
  ])('take %s for a cluster that cannot be reached', (_, error) => {
    expect(isUnreachable(error)).toBe(true);
    expect(fromDriver('shard-a', error)).toBeInstanceOf(ClusterUnreachable);
  });

  it.each([
    ['a duplicate key', new MongoServerError({ message: 'E11000', code: 11_000 })],
    [
      'a duplicate key amid a bulk write',
      new MongoBulkWriteError({ message: 'E11000', code: 11_000, writeErrors: [] }, result),
    ],
    ['an error of our own', new TypeError('no')],
    ['another error of the system', systemError('ENOSPC')],
  ])('pass %s on as it is', (_, error) => {
    expect(isUnreachable(error)).toBe(false);
    expect(fromDriver('shard-a', error)).toBe(error);
  });
});
