import { BSON, type Collection, type Document, MongoServerError } from 'mongodb';
import { AS_STORED } from './scratch-database.ts';

/** The text of a value with all its BSON types, so that 1, 1.0 and NumberLong(1) differ. */
export const typed = (value: unknown): string =>
  BSON.EJSON.stringify(
    BSON.deserialize(BSON.serialize({ value }), { promoteValues: false }).value,
    {
      relaxed: false,
    },
  );

/** Equal in value, in BSON type and in the order of fields. */
export const expectTyped = (actual: unknown, expected: unknown): void => {
  expect(typed(actual)).toBe(typed(expected));
};

/** The error of a server; other failures are passed on. */
export const serverError = async (promise: Promise<unknown>): Promise<MongoServerError> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof MongoServerError) return error;
    throw error;
  }
  throw new Error('expected the server to refuse this');
};

export const expectCode = async (
  promise: Promise<unknown>,
  code: number,
): Promise<MongoServerError> => {
  const error = await serverError(promise);
  if (Number(error.code) !== code)
    throw new Error(`expected code ${code}, got ${String(error.code)}: ${error.message}`);
  return error;
};

/** A command that is answered with `ok: 1`, and with an error of its first statement. */
export const expectWriteError = async (promise: Promise<unknown>, code: number): Promise<void> => {
  const { writeErrors } = (await promise) as { writeErrors?: Document[] };
  expect(Number(writeErrors?.[0]?.code)).toBe(code);
};

/** All documents of a collection by _id, as they are stored. */
export const stored = (collection: Collection<Document>): Promise<Document[]> =>
  collection.find({}, AS_STORED).sort({ _id: 1 }).toArray();
