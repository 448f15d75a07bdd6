import { buildSchema, Kind, parse } from 'graphql';
import { complexityOf } from './complexity.ts';

const schema = buildSchema(`
  type Query { films(first: Int = 20): Films  top(first: Int = 4): [Film!]!  genres: [Genre!] }
  type Films { nodes: [Film!]! edges: [Edge!]! totalCount: Int }
  type Edge { node: Film! }
  type Film { title: String tags: [String!] similar(first: Int = 20): Films }
  type Genre { name: String }
`);

const complexity = (text: string, variables = {}): number => {
  const { definitions } = parse(text);
  const [operation] = definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('expected an operation');
  const fragments = new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
  return complexityOf(schema, operation, fragments, variables);
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
});
