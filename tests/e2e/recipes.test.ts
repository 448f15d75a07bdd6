import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildSchema, isObjectType } from 'graphql';
import { openBadLine } from './bad-line.ts';
import { signedIn, type GraphClient } from './graph-client.ts';
import { START_TIMEOUT_MS, useRunningSystem, type Endpoints } from './running-system.ts';

const run = promisify(execFile);
const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe('the recipes of docs/recipes', () => {
  let endpoints: Endpoints;
  let user: GraphClient;

  beforeAll(async () => {
    endpoints = (await useRunningSystem()).endpoints();
    user = await signedIn(endpoints, { role: 'USER' });
  }, START_TIMEOUT_MS);

  const firstFilm = async (): Promise<{
    id: string;
    title: string;
    likeCount: number;
    viewerReaction: string | null;
  }> => {
    const { movies } = await user.ask(
      '{ movies(first: 1) { nodes { id title likeCount viewerReaction } } }',
    );
    return movies.nodes[0];
  };

  const follow = async (recipe: string, url: string): Promise<string> => {
    const { handle, password } = endpoints.logins.find(({ role }) => role === 'USER')!;
    const path = file(`docs/recipes/${recipe}.mjs`);
    const { stdout } = await run(process.execPath, [path, url, handle, password]);
    return stdout;
  };

  it.each(['fetch', 'urql', 'apollo-client'])(
    '%s signs in, reads, and likes exactly once, though the session runs out and an answer is lost',
    async (recipe) => {
      const { id, title } = await firstFilm();
      const takeBack = () =>
        user.ask('mutation ($id: ID!) { removeReaction(movieId: $id) { __typename } }', { id });
      await takeBack();
      const { likeCount } = await firstFilm();
      const line = await openBadLine(endpoints.gateway);

      const stdout = await follow(recipe, line.url).finally(() => line.close());

      expect(stdout.endsWith(` likes ${title}.\n`)).toBe(true);
      expect(await firstFilm()).toMatchObject({
        id,
        viewerReaction: 'LIKE',
        likeCount: likeCount + 1,
      });
      expect(line.sent.filter(({ query }) => query.includes('refreshSession'))).toHaveLength(1);
      const likes = line.sent.filter(({ query }) => query.includes('likeMovie'));
      expect(likes).toHaveLength(2);
      expect(likes[1]!.variables).toEqual(likes[0]!.variables);
      expect(likes[0]!.variables.operationId).toEqual(expect.any(String));
      await takeBack();
    },
  );

  it('keep lists apart that an argument makes different', () => {
    const api = buildSchema(readFileSync(file('gateway/api.graphql'), 'utf8'));
    const recipe = readFileSync(file('docs/recipes/apollo-client.mjs'), 'utf8');
    const kept = [...recipe.matchAll(/(\w+): relayStylePagination\(\[(.*?)\]\)/g)].map(
      ([, field = '', names = '']) => [field, [...names.matchAll(/\w+/g)].map(String)] as const,
    );
    expect(kept.length).toBeGreaterThanOrEqual(4);
    for (const [field, names] of kept) {
      const owner = Object.values(api.getTypeMap()).find(
        (type) =>
          isObjectType(type) && type.getFields()[field]?.args.some((a) => a.name === 'after'),
      );
      const args = isObjectType(owner)
        ? owner.getFields()[field]!.args.map(({ name }) => name)
        : [];
      const different = args.filter((name) => name !== 'first' && name !== 'after');
      expect([field, names]).toEqual([field, different]);
    }
  });
});
