import fc from 'fast-check';
import { BSON, type Document, MongoServerError } from 'mongodb';
import { EmbeddedDeployment } from '../embedded-deployment.ts';
import { typed } from '../expectations.ts';
import { AS_STORED, givenUri, ScratchDatabase, useScratchDatabase } from '../scratch-database.ts';
import { documents, filters, modifications, trials, updateOf } from './arbitrary.ts';
import { createIndexes, numbered, RUNS, settings } from './fuzz-run.ts';
import { naiveUpdate, Refused } from './naive-update.ts';

const scratch = useScratchDatabase();

/** The outcome of an operation: its result, or the code of its refusal. */
const outcome = async (run: () => Promise<unknown>): Promise<string> => {
  try {
    return typed(await run());
  } catch (error) {
    if (error instanceof MongoServerError) return `refused with ${String(error.code)}`;
    throw error;
  }
};

describe('fuzz', () => {
  it('answers by an index as by a scan', async () => {
    await fc.assert(
      fc.asyncProperty(trials, async ({ stored, specs, queries }) => {
        const collection = await scratch.collection(numbered(stored));
        const find = (
          filter: Document,
          sort: Document | null,
          scan: boolean,
        ): Promise<Document[]> => {
          const cursor = collection.find(filter, AS_STORED).sort({ ...sort, _id: 1 });
          return (scan ? cursor.hint({ $natural: 1 }) : cursor).toArray();
        };
        await createIndexes(collection, specs);
        for (const { filter, sort } of queries) {
          const scanned = await outcome(() => find(filter, sort, true));
          expect(await outcome(() => find(filter, sort, false))).toBe(scanned);
          const unsorted = await collection.find(filter, AS_STORED).toArray();
          const byId = unsorted.toSorted((a, b) => Number(a._id) - Number(b._id));
          expect(typed(byId)).toBe(await outcome(() => find(filter, null, true)));
        }
        await collection.drop();
      }),
      settings,
    );
  });

  it('keeps indexes in step with updates and deletes', async () => {
    await fc.assert(
      fc.asyncProperty(
        trials,
        fc.array(fc.tuple(filters, modifications), { maxLength: 6 }),
        async ({ stored, specs, queries }, changes) => {
          const collection = await scratch.collection(numbered(stored));
          await createIndexes(collection, specs);
          for (const [filter, modification] of changes) {
            await outcome(() => collection.updateMany(filter, updateOf(modification)));
          }
          for (const { filter } of queries) {
            const scanned = await collection
              .find(filter, AS_STORED)
              .sort({ _id: 1 })
              .hint({ $natural: 1 })
              .toArray();
            const found = await collection.find(filter, AS_STORED).sort({ _id: 1 }).toArray();
            expect(typed(found)).toBe(typed(scanned));
          }
          const [first] = queries;
          const expected = await collection.countDocuments(first?.filter, {
            hint: { $natural: 1 },
          });
          expect((await collection.deleteMany(first?.filter ?? {})).deletedCount).toBe(expected);
          expect(await collection.countDocuments()).toBe(stored.length - expected);
          await collection.drop();
        },
      ),
      settings,
    );
  });

  it('updates as a plain model does', async () => {
    const collection = await scratch.collection();
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.array(modifications, { minLength: 1, maxLength: 5 }),
        async (document, changes) => {
          await collection.deleteMany({});
          await collection.insertOne({ _id: 1 as never, ...document });
          let model: Document = { _id: 1, ...document };
          for (const modification of changes) {
            let expected: Document | undefined;
            try {
              expected = naiveUpdate(model, modification);
            } catch (error) {
              if (!(error instanceof Refused)) throw error;
            }
            const answer = await collection
              .updateOne({ _id: 1 as never }, updateOf(modification))
              .then(
                ({ modifiedCount }) => modifiedCount,
                (error: unknown) => {
                  if (error instanceof MongoServerError) return undefined;
                  throw error;
                },
              );
            expect(answer).toBe(expected ? Number(typed(expected) !== typed(model)) : undefined);
            model = expected ?? model;
            expect(typed(await collection.findOne({}, AS_STORED))).toBe(typed(model));
          }
        },
      ),
      { ...settings, numRuns: RUNS * 4 },
    );
  });
});

// The third oracle needs a second opinion: a real server, given by `--uri`.
const describeBoth = givenUri() === undefined ? describe.skip : describe;

describeBoth('fuzz of both engines', () => {
  let embedded: EmbeddedDeployment;
  let local: ScratchDatabase;

  beforeAll(async () => {
    embedded = await EmbeddedDeployment.start();
    local = new ScratchDatabase(embedded.uri);
    await local.open();
  });

  afterAll(async () => {
    await local.close();
    await embedded.stop();
  });

  it('agree on queries, updates and their refusals', async () => {
    await fc.assert(
      fc.asyncProperty(
        trials,
        fc.array(modifications, { maxLength: 4 }),
        async ({ stored, specs, queries }, changes) => {
          const answers = async (database: ScratchDatabase): Promise<string[]> => {
            const collection = await database.collection(numbered(stored));
            await createIndexes(collection, specs);
            const results: string[] = [];
            for (const { filter, sort } of queries) {
              const cursor = (): Promise<Document[]> =>
                collection
                  .find(filter, AS_STORED)
                  .sort({ ...sort, _id: 1 })
                  .toArray();
              results.push(`${BSON.EJSON.stringify(filter)} → ${await outcome(cursor)}`);
            }
            for (const modification of changes) {
              const update = updateOf(modification);
              const run = async (): Promise<unknown> => {
                const { matchedCount, modifiedCount } = await collection.updateMany({}, update);
                return { matchedCount, modifiedCount };
              };
              results.push(`${BSON.EJSON.stringify(update)} → ${await outcome(run)}`);
              const after = await collection.find({}, AS_STORED).sort({ _id: 1 }).toArray();
              results.push(typed(after));
            }
            await collection.drop();
            return results;
          };
          expect(await answers(local)).toEqual(await answers(scratch));
        },
      ),
      settings,
    );
  });
});
