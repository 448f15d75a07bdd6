import { type Collection, type Document, MongoServerError } from 'mongodb';
import type { IndexSpec } from './arbitrary.ts';

export const RUNS = Number(process.env.CONFORMANCE_FUZZ_RUNS ?? 60);
const SEED = process.env.CONFORMANCE_FUZZ_SEED;
/** What every property of the fuzz is run with; a seed repeats a run. */
export const settings = { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };

export const numbered = (list: readonly Document[]): Document[] =>
  list.map((document, index) => ({ _id: index, ...document }));

/** Indexes that the documents do not allow (parallel arrays) are left out. */
export const createIndexes = async (
  collection: Collection<Document>,
  specs: readonly IndexSpec[],
): Promise<void> => {
  for (const { key, options } of specs) {
    await collection.createIndex(key, options).catch((error: unknown) => {
      if (!(error instanceof MongoServerError)) throw error;
    });
  }
};
