import fc from 'fast-check';
import { type Collection, type Document, MongoServerError } from 'mongodb';
import { EmbeddedDeployment } from '../embedded-deployment.ts';
import { typed } from '../expectations.ts';
import { AS_STORED, onEmbedded, ScratchDatabase } from '../scratch-database.ts';
import { type Change, histories, updateOf } from './arbitrary.ts';
import { createIndexes, numbered, settings } from './fuzz-run.ts';
import { naiveUpdate, Refused } from './naive-update.ts';

/** What an index itself refuses; the model knows of none. */
const INDEX_REFUSALS = [171, 16746];

type Model = ReadonlyMap<string, Document>;

const keyOf = ({ _id }: Document): string => typed(_id);

const byKey = (documents: readonly Document[]): Model =>
  new Map(documents.map((document) => [keyOf(document), document]));

const textOf = (model: Model): string[] => [...model.values()].map(typed).toSorted();

onEmbedded('many updates over indexes, in transactions and over restarts', () => {
  let deployment: EmbeddedDeployment;
  let scratch: ScratchDatabase;

  beforeAll(async () => {
    deployment = await EmbeddedDeployment.start();
    scratch = new ScratchDatabase(deployment.uri);
    await scratch.open();
  });

  afterAll(async () => {
    await scratch.close();
    await deployment.stop();
  });

  const scan = (collection: Collection, filter: Document = {}): Promise<Document[]> =>
    collection.find(filter, AS_STORED).hint({ $natural: 1 }).toArray();

  /** Each document as the model has it after the change; undefined where the server must refuse it. */
  const expectedOf = async (
    collection: Collection,
    model: Model,
    { modification, ...change }: Change,
    filter: Document,
  ): Promise<Map<string, Document | undefined>> => {
    const expected = new Map<string, Document | undefined>(model);
    const matched = (await scan(collection, filter)).map(keyOf);
    const upserted = matched.length === 0 && change.upsert ? [filter as { _id: unknown }] : [];
    for (const key of [...matched, ...upserted.map(keyOf)]) {
      try {
        expected.set(key, naiveUpdate(model.get(key) ?? upserted[0] ?? {}, modification));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        expected.set(key, undefined);
      }
    }
    return expected;
  };

  /** What was answered: how many matched and changed, or the code of the refusal. */
  const run = async (
    collection: Collection,
    change: Change,
    filter: Document,
  ): Promise<{ matched: number; modified: number; upserted: number } | { refused: number }> => {
    const { modification, within } = change;
    const { elements } = modification;
    const session = within === 'nothing' ? undefined : scratch.client.startSession();
    session?.startTransaction();
    try {
      const answer = await collection.updateMany(filter, updateOf(modification), {
        upsert: change.upsert,
        ...(elements?.kind === '$[x]' ? { arrayFilters: [{ x: elements.value }] } : {}),
        ...(session ? { session } : {}),
      });
      if (within === 'a transaction') await session?.commitTransaction();
      else await session?.abortTransaction();
      return {
        matched: answer.matchedCount,
        modified: answer.modifiedCount,
        upserted: answer.upsertedCount,
      };
    } catch (error) {
      if (!(error instanceof MongoServerError)) throw error;
      return { refused: Number(error.code) };
    } finally {
      await session?.endSession();
    }
  };

  it('do to each document what they do to it alone, and leave every index in step', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ stored, specs, queries, changes }) => {
        const collection = await scratch.collection(numbered(stored));
        await createIndexes(collection, specs);
        let model = byKey(await scan(collection));
        for (const [at, change] of changes.entries()) {
          const { elements, path } = change.modification;
          // The positional `$` needs the filter that finds its element; an upsert one that says all.
          const filter =
            elements?.kind === '$'
              ? { [path]: elements.value }
              : change.upsert
                ? { _id: 100 + at }
                : change.filter;
          const upsert = change.upsert && elements?.kind !== '$';
          const asked = { ...change, upsert };
          const expected = await expectedOf(collection, model, asked, filter);
          const answer = await run(collection, asked, filter);
          const actual = byKey(await scan(collection));
          const refusals = [...expected.values()].includes(undefined);
          if ('refused' in answer) {
            if (!INDEX_REFUSALS.includes(answer.refused))
              expect([refusals, answer.refused]).toEqual([true, answer.refused]);
            // Up to where it was refused it may have come; in a transaction nothing of it stays.
            for (const [key, document] of actual) {
              const before = model.get(key);
              const possible = [
                before,
                ...(change.within === 'nothing' ? [expected.get(key)] : []),
              ];
              expect(possible.map(typed)).toContain(typed(document));
            }
            model = actual;
            continue;
          }
          expect(refusals).toBe(false);
          const changed = [...expected].filter(
            ([key, document]) => typed(document) !== typed(model.get(key)),
          );
          const made = [...expected.keys()].filter((key) => !model.has(key)).length;
          expect([answer.modified + answer.upserted, answer.upserted]).toEqual([
            changed.length,
            made,
          ]);
          const after = change.within === 'an aborted transaction' ? model : expected;
          expect(textOf(actual)).toEqual(textOf(after as Model));
          model = actual;
        }
        await deployment.restart();
        expect(textOf(byKey(await scan(collection)))).toEqual(textOf(model));
        for (const { filter } of queries) {
          const found = await collection.find(filter, AS_STORED).toArray();
          const scanned = await scan(collection, filter);
          expect(found.map(typed).toSorted()).toEqual(scanned.map(typed).toSorted());
        }
        await collection.drop();
      }),
      // Each attempt to shrink would cost a restart.
      { ...settings, endOnFailure: true },
    );
  });
});
