import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { signedIn, type GraphClient } from './graph-client.ts';
import { START_TIMEOUT_MS, useRunningSystem, type Endpoints } from './running-system.ts';

const run = promisify(execFile);

describe('the recipes of docs/recipes', () => {
  let endpoints: Endpoints;
  let user: GraphClient;

  beforeAll(async () => {
    endpoints = (await useRunningSystem()).endpoints();
    user = await signedIn(endpoints, { role: 'USER' });
  }, START_TIMEOUT_MS);

  it.each(['fetch', 'urql', 'apollo-client'])('%s signs in, reads and likes', async (recipe) => {
    const { movies } = await user.ask('{ movies(first: 1) { nodes { id title } } }');
    const [{ id, title }] = movies.nodes;
    const takeBack = () =>
      user.ask('mutation ($id: ID!) { removeReaction(movieId: $id) { __typename } }', { id });
    await takeBack();
    const { handle, password } = endpoints.logins.find(({ role }) => role === 'USER')!;
    const path = fileURLToPath(new URL(`../../docs/recipes/${recipe}.mjs`, import.meta.url));

    const { stdout } = await run(process.execPath, [path, endpoints.gateway, handle, password]);

    expect(stdout.endsWith(` likes ${title}.\n`)).toBe(true);
    const { movie } = await user.ask('query ($id: ID!) { movie(id: $id) { viewerReaction } }', {
      id,
    });
    expect(movie.viewerReaction).toBe('LIKE');
    await takeBack();
  });
});
