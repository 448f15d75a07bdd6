import type { Collection, Document } from 'mongodb';
import { expectCode } from './expectations.ts';
import { useScratchDatabase } from './scratch-database.ts';

const scratch = useScratchDatabase();

let collection: Collection<Document>;
let name: string;

beforeAll(async () => {
  collection = await scratch.collection(
    Array.from({ length: 20 }, (_, n) => ({ _id: n as never, a: n, b: n % 2 })),
  );
  name = collection.collectionName;
  await collection.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }]);
});

/** Every stage of a plan, whatever the shape in which the server shows it. */
const stagesOf = (shown: unknown): Document[] => {
  if (Array.isArray(shown)) return shown.flatMap(stagesOf);
  if (typeof shown !== 'object' || shown === null) return [];
  const inner = Object.values(shown as Document).flatMap(stagesOf);
  return 'stage' in shown ? [shown, ...inner] : inner;
};

const plannersOf = (shown: unknown): Document[] => {
  if (Array.isArray(shown)) return shown.flatMap(plannersOf);
  if (typeof shown !== 'object' || shown === null) return [];
  const { queryPlanner, ...rest } = shown as Document;
  const inner = Object.values(rest).flatMap(plannersOf);
  return queryPlanner === undefined ? inner : [queryPlanner as Document, ...inner];
};

const explain = (command: Document, verbosity = 'queryPlanner'): Promise<Document> =>
  scratch.db.command({ explain: command, verbosity });

const indexOf = async (command: Document): Promise<string | undefined> => {
  const stages = plannersOf(await explain(command)).flatMap(({ winningPlan }) =>
    stagesOf(winningPlan),
  );
  return stages.find(({ indexName }) => indexName !== undefined)?.indexName as string | undefined;
};

const BOTH = { a: { $gte: 0 }, b: { $gte: 0 } };

describe('explain', () => {
  it.each<readonly [string, () => Document]>([
    ['find', () => ({ find: name, filter: BOTH, hint: 'b_1' })],
    ['count', () => ({ count: name, query: BOTH, hint: 'b_1' })],
    ['distinct', () => ({ distinct: name, key: 'a', query: { b: 1 } })],
    ['aggregate', () => ({ aggregate: name, pipeline: [{ $match: { b: 1 } }], cursor: {} })],
    [
      'update',
      () => ({ update: name, updates: [{ q: BOTH, u: { $set: { c: 1 } }, hint: 'b_1' }] }),
    ],
    ['delete', () => ({ delete: name, deletes: [{ q: BOTH, limit: 0, hint: 'b_1' }] })],
    [
      'findAndModify',
      () => ({ findAndModify: name, query: {}, sort: { b: 1 }, update: { $set: { c: 1 } } }),
    ],
  ])('says which index %s uses, and changes nothing', async (_, command) => {
    expect(await indexOf(command())).toBe('b_1');
    expect(await collection.countDocuments({ c: 1 })).toBe(0);
    expect(await collection.countDocuments()).toBe(20);
  });

  it('is what the driver asks of a cursor and of an aggregation', async () => {
    const pipeline = [{ $match: { a: 7 } }, { $project: { b: 1 } }];
    const shown = await collection.aggregate(pipeline).explain('queryPlanner');
    const stages = plannersOf(shown).flatMap(({ winningPlan }) => stagesOf(winningPlan));
    expect(stages.some(({ indexName }) => indexName === 'a_1')).toBe(true);
  });

  it('stops where the limit of a count stops', async () => {
    const { executionStats } = await explain(
      { count: name, query: { a: { $gte: 0 } }, limit: 3 },
      'executionStats',
    );
    expect(Number((executionStats as Document).totalKeysExamined)).toBeLessThanOrEqual(4);
  });

  it('refuses what the command itself would refuse', async () => {
    await expectCode(explain({ find: name, foo: 1 }), 40415);
    await expectCode(explain({ count: name, foo: 1 }), 40415);
    await expectCode(explain({ find: name, filter: { $foo: 1 } }), 2);
    await expectCode(explain({ count: name, hint: 'nope', query: {} }), 2);
    await expectCode(explain({ aggregate: name, pipeline: [{ $foo: {} }], cursor: {} }), 40324);
    await expectCode(explain({ foo: name }), 59);
    await expectCode(explain({ find: name }, 'foo'), 2);
    const update = { q: {}, u: { $set: { c: 1 } } };
    await expectCode(explain({ update: name, updates: [update, update] }), 16);
  });
});
