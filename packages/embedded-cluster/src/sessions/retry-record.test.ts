import { Int32, ObjectId } from 'bson';
import { RetryRecord } from './retry-record.ts';

describe('a retry record', () => {
  it('tells each statement’s result after being stored, however many there were', () => {
    const record = new RetryRecord(7n, 'writes');
    const id = new ObjectId();
    for (let statement = 0; statement < 1000; statement++)
      record.note(statement, { n: 1, modified: 0 });
    record.note(1000, { n: 1, modified: 1 });
    record.note(1001, { n: 1, modified: 0, upserted: id });
    record.note(1003, { n: 1, modified: 0 });
    const bytes = record.encode(1234);
    expect(bytes.length).toBeLessThan(500);
    const stored = RetryRecord.decode(bytes);
    expect([stored.txnNumber, stored.kind, stored.atMs]).toEqual([7n, 'writes', 1234]);
    expect(stored.resultOf(999)).toMatchObject({ n: 1, modified: 0 });
    expect(stored.resultOf(1000)).toMatchObject({ n: 1, modified: 1 });
    expect(stored.resultOf(1001)).toMatchObject({ upserted: id });
    expect(stored.resultOf(1002)).toBeUndefined();
    expect(stored.resultOf(1003)).toMatchObject({ n: 1 });
  });

  it('keeps the answer of a findAndModify', () => {
    const record = new RetryRecord(1n, 'writes');
    record.reply = new Map([['value', new Int32(5)]]);
    expect(RetryRecord.decode(record.encode(0)).reply).toEqual(record.reply);
  });
});
