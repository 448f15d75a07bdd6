import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema, parse } from 'graphql';
import { composeSubgraphs, readSubgraphs } from '../src/compose.ts';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const text = (path: string): string => readFileSync(file(path), 'utf8');

describe('the supergraph', () => {
  it('that is checked in is what the subgraphs compose to, in whatever order', async () => {
    const subgraphs = await readSubgraphs(file('supergraph.yaml'));
    const composition = composeSubgraphs(subgraphs.reverse());
    if (composition.status === 'failed') throw new Error(composition.errors.join('\n'));
    expect(composition.supergraphSdl).toBe(text('gateway/supergraph.graphql'));
    expect(composition.apiSdl).toBe(text('gateway/api.graphql'));
    expect(composition.hints.every((hint) => hint.includes('(expected)'))).toBe(true);
  });

  it('shows clients its descriptions, and nothing of federation', () => {
    const api = buildSchema(text('gateway/api.graphql'));
    expect(api.getQueryType()?.getFields().movie?.description).toContain('null if there is none');
    expect(text('gateway/api.graphql')).not.toMatch(/join__|_entities|_service|@key/);
  });

  it('names what does not fit', () => {
    const typeDefs = parse(`type Query { one: Missing }`);
    const composition = composeSubgraphs([{ name: 'movies', url: 'http://x', typeDefs }]);
    expect(composition).toMatchObject({
      status: 'failed',
      errors: [expect.stringContaining('Missing')],
    });
  });

  it('names the entry of supergraph.yaml that is wrong', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'marquee-compose-'));
    const path = join(folder, 'supergraph.yaml');
    writeFileSync(
      path,
      'subgraphs:\n  movies:\n    routing_url: nowhere\n    schema: { file: x }\n',
    );
    await expect(readSubgraphs(path)).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining('subgraphs.movies.routing_url'),
    });
    rmSync(folder, { recursive: true });
  });
});
