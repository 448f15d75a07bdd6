import { buildSchema, isObjectType, Kind, parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { complexityOf } from './complexity.ts';
import { DEFAULT_LIMITS, FIELD_COSTS } from './limits.ts';

const schema = buildSchema(`
  type Query { films(first: Int = 20): Films  top(first: Int = 4): [Film!]!  genres: [Genre!] }
  type Films { nodes: [Film!]! edges: [Edge!]! totalCount: Int }
  type Edge { node: Film! }
  type Film { title: String tags: [String!] similar(first: Int = 20): Films }
  type Genre { name: String }
`);

const apiFile = fileURLToPath(new URL('../../api.graphql', import.meta.url));
const api = buildSchema(readFileSync(apiFile, 'utf8'), { assumeValidSDL: true });

const complexity = (text: string, variables = {}, of = schema): number => {
  const { definitions } = parse(text);
  const [operation] = definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('expected an operation');
  const fragments = new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
  return complexityOf(of, operation, fragments, variables);
};

describe('complexityOf', () => {
  it.each([
    ['{ films(first: 3) { nodes { title } } }', 5],
    ['{ films(first: 3) { nodes { title } edges { node { title } } } }', 3 + 3 + 2 * 3],
    ['{ films { nodes { title } } }', 22],
    ['{ films(first: 3) { totalCount nodes { tags } } }', 6],
    ['{ top(first: 2) { title } }', 3],
    ['{ top { title } }', 5],
    ['{ genres { name } }', 11],
    ['{ films(first: 2) { nodes { similar(first: 3) { nodes { title } } } } }', 2 + 2 * 5],
    ['{ films(first: 3) { ...P } } fragment P on Films { nodes { title } }', 5],
    ['{ films(first: 3) { ... { nodes { title } } } }', 5],
    ['{ films(first: -5) { nodes { title } } }', 3],
    ['{ films(first: 99999) { nodes { title } } }', 102],
  ])('of %s is %i', (text, expected) => {
    expect(complexity(text)).toBe(expected);
  });

  it('takes a variable, its default, or the default of the argument', () => {
    const text = 'query ($n: Int = 7) { films(first: $n) { nodes { title } } }';
    expect(complexity(text, { n: 2 })).toBe(4);
    expect(complexity(text)).toBe(9);
    expect(complexity('query ($n: Int) { films(first: $n) { nodes { title } } }')).toBe(22);
    expect(complexity(text, { n: 'many' })).toBe(102);
  });

  it('counts what each parent needs a list of its own for, and knows no other fields', () => {
    const withoutList = complexity('{ people(first: 3) { nodes { name } } }', {}, api);
    const withList = complexity(
      '{ people(first: 3) { nodes { name filmography(first: 2) { totalCount nodes { job } } } } }',
      {},
      api,
    );
    expect(withList - withoutList).toBe(3 * (301 + 301 + 1 + 2));
    for (const field of Object.keys(FIELD_COSTS)) {
      const [type = '', name = ''] = field.split('.');
      const known = api.getType(type);
      expect({ field, known: isObjectType(known) && name in known.getFields() }).toEqual({
        field,
        known: true,
      });
    }
  });

  it.each([
    ['{ people(first: 100) { nodes { filmography(first: 100) { nodes { movie { id } } } } } }'],
    ['{ people(first: 100) { nodes { filmography(first: 1) { nodes { job } } } } }'],
    ['{ movies(first: 100) { nodes { alsoLiked(first: 1) { id } } } }'],
    ['{ users(first: 100) { nodes { interactions(first: 1) { totalCount } } } }'],
  ])('is more than is allowed for %s', (text) => {
    expect(complexity(text, {}, api)).toBeGreaterThan(DEFAULT_LIMITS.complexityMax);
  });

  it.each([
    [
      '{ people(first: 20) { nodes { name filmography(first: 20) { totalCount nodes { job movie { title } } } } } }',
    ],
    ['{ movies(first: 20) { nodes { title alsoLiked { title } } } }'],
    [
      '{ movies(first: 100) { nodes { title likeCount credits(first: 20) { nodes { character person { name } } } } } }',
    ],
  ])('allows %s', (text) => {
    expect(complexity(text, {}, api)).toBeLessThan(DEFAULT_LIMITS.complexityMax);
  });
});
