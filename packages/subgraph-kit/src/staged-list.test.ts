import { createLogger } from '@marquee/service-kit';
import { RequestScope } from './request-scope.ts';
import { countStages, listStages, type StagedList } from './staged-list.ts';
import { createInMemoryShardRouter } from './testing/index.ts';

const DOCUMENTS = Array.from({ length: 9 }, (_, i) => ({ _id: `d${i}`, group: i % 3, rank: i }));
const sort = [{ field: 'rank', direction: 1 }] as const;

describe('a list of several stages', () => {
  const router = createInMemoryShardRouter();
  router.load('movies', DOCUMENTS);
  const scope = new RequestScope({
    viewer: undefined,
    router,
    now: Date.now,
    randomBytes: (size) => new Uint8Array(size),
    newReadDeadline: () => undefined,
    traceRouting: false,
    logger: createLogger({ service: 'test', level: 'silent' }),
  });
  const stages = (...groups: (number | [number, number])[]): StagedList => ({
    collection: 'movies',
    name: 'test',
    stages: groups.map((group) =>
      typeof group === 'number'
        ? { filter: { group }, sort }
        : { filter: { group: group[0] }, sort, onlyIfFewerThan: group[1] },
    ),
  });
  const walk = async (list: StagedList, first: number) => {
    const pages: string[][] = [];
    let after: string | undefined;
    for (;;) {
      const page = await listStages(scope, list, {
        first,
        ...(after === undefined ? {} : { after }),
      });
      pages.push(page.nodes.map(({ _id }) => _id));
      if (!page.hasNextPage) return pages;
      after = page.cursors.at(-1);
    }
  };

  it.each([1, 2, 3, 4, 5, 6, 7, 100])('is the same in pages of %i', async (first) => {
    const pages = await walk(stages(2, 0), first);
    expect(pages.flat()).toEqual(['d2', 'd5', 'd8', 'd0', 'd3', 'd6']);
    expect(pages).toHaveLength(Math.ceil(6 / first));
  });

  it('runs a stage only if those before found too little, whatever the page size', async () => {
    for (const first of [1, 2, 3, 4, 9]) {
      expect((await walk(stages(0, [1, 3]), first)).flat()).toEqual(['d0', 'd3', 'd6']);
      expect((await walk(stages(0, [1, 4]), first)).flat()).toHaveLength(6);
    }
    expect(await countStages(scope, stages(0, [1, 3]))).toBe(3);
    expect(await countStages(scope, stages(0, [1, 4]))).toBe(6);
  });

  it('goes over stages that find nothing', async () => {
    expect(await walk(stages(7, 8, 1), 2)).toEqual([['d1', 'd4'], ['d7']]);
    expect(await walk(stages(7), 2)).toEqual([[]]);
    expect(await walk(stages(), 2)).toEqual([[]]);
  });

  it('refuses the cursors of another list, and those of nobody', async () => {
    const { cursors } = await listStages(scope, stages(0), { first: 1 });
    for (const after of [
      cursors[0],
      'x',
      '',
      '1.1.x',
      Buffer.from('9.1.x').toString('base64url'),
    ]) {
      await expect(
        listStages(scope, stages(1), { first: 1, after: after ?? '' }),
      ).rejects.toMatchObject({
        code: 'INVALID_CURSOR',
      });
    }
  });
});
