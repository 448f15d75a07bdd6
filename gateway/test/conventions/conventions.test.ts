import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { buildSchema, parse } from 'graphql';
import { deviations, promisesForOthers, scalarsOf } from './deviations.ts';

const text = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

const api = buildSchema(text('gateway/api.graphql'));

/** Where the graph leaves its conventions, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'Mutation.signIn(operationId): expected ID':
    'sent twice it makes two sessions, of which one is never used and ends by itself',
  'Mutation.signIn: expected a union `…Result` of one success and what else is to be expected':
    'a wrong password is no decision of the caller: UNAUTHENTICATED, as for a wrong token',
  'Mutation.refreshSession(operationId): expected ID':
    'the token says which session it is for, and is taken once more for a short while',
  'Mutation.refreshSession: expected a union `…Result` of one success and what else is to be expected':
    'a token that is worth nothing is UNAUTHENTICATED, as everywhere',
  'Mutation.signOut(operationId): expected ID': 'what is ended stays ended: it may be sent again',
  'Mutation.signOut: expected a union `…Result` of one success and what else is to be expected':
    'there is nothing to tell: afterwards the token is worth nothing, whatever it was before',
  'Mutation.changePassword(operationId): expected ID':
    'sent again it finds the old password wrong, and changes nothing',
  'Mutation.deleteAccount(operationId): expected ID':
    'sent again it finds no account: UNAUTHENTICATED',
  'Mutation.deleteAccount(expectedRevision): expected Int':
    'whatever they changed elsewhere, they want it gone; the password says so',
  'Mutation.deleteAccount: expected VersionConflict': 'it takes no revision',
  'Mutation.deleteAccount: expected NotFound': 'whoever has no account is not signed in',
  'Mutation.deleteInteraction(expectedRevision): expected Int':
    'an interaction has no revision: it is one of two values, and the last to set it wins',
  'Mutation.deleteInteraction: expected VersionConflict': 'it takes no revision',
  'ExternalId.id: expected ID': 'an id in another catalogue, which is no id of this graph',
  'ExternalIdInput.id: expected ID': 'an id in another catalogue, which is no id of this graph',
};

describe('the conventions of the graph', () => {
  it('hold for the API, but for what is listed with its reason', () => {
    expect(deviations(api).sort()).toEqual(Object.keys(EXCEPTIONS).sort());
  });

  it.each(['movies', 'person', 'users', 'interactions'])(
    'let no field of %s promise what another subgraph serves',
    (name) => {
      const schema = buildSubgraphSchema(parse(text(`subgraphs/${name}/schema.graphql`)));
      expect(promisesForOthers(api, schema)).toEqual([]);
    },
  );

  it('know no scalars but those of the kept library', () => {
    expect(scalarsOf(api).sort()).toEqual(['Date', 'DateTime', 'EmailAddress', 'URL']);
  });

  it.each([
    ['ThingConnection.nodes: expected a list `[…!]!`', 'nodes: [Thing!]!', 'nodes: [Thing]!'],
    ['ThingConnection.edges: expected [ThingEdge!]!', 'edges: [ThingEdge!]!', 'items: [Thing!]!'],
    ['ThingConnection.pageInfo: expected PageInfo!', 'pageInfo: PageInfo!', 'page: Int'],
    ['ThingConnection.totalCount: expected Int', 'totalCount: Int', 'totalCount: String'],
    ['ThingEdge.node: expected a node that is there', 'node: Thing!', 'node: Thing'],
    ['ThingEdge.cursor: expected String!', 'cursor: String!', 'cursor: ID'],
    ['Query.things: expected a type that may be null', '): ThingConnection', '): ThingConnection!'],
    ['Query.things(first): expected Int = 20', 'first: Int = 20', 'first: Int = 50'],
    ['Query.things(first): expected Int = 20', 'first: Int = 20', 'first: Int'],
    ['Query.things(after): expected String', 'after: String', 'before: String'],
    ['Thing.id: expected ID', 'Thing { id: ID!', 'Thing { id: Int!'],
    ['Query.things.ownerId: expected ID', 'ownerId: ID', 'ownerId: String'],
    ['ThingInput.ownerId: expected ID', 'name: String', 'ownerId: String'],
    ['Thing.top(first): expected a default', 'top(first: Int = 3)', 'top(first: Int)'],
    ['Thing: expected a member of Versioned', 'Versioned = Thing', 'Versioned = NotFound'],
    ['Mutation.updateThing(operationId): expected ID', 'operationId: ID', 'key: Int'],
    ['Mutation.updateThing(expectedRevision): expected Int', 'expectedRevision: Int', 'at: Int'],
    ['Mutation.updateThing(input): expected one input', 'input: ThingInput!', 'name: String'],
    ['Mutation.updateThing: expected VersionConflict', ' | VersionConflict', ''],
    ['Mutation.updateThing: expected a type that may be null', ': SaveResult', ': SaveResult!'],
    [
      'Mutation.updateThing: expected a union `…Result` of one success and what else is to be expected',
      ': SaveResult',
      ': Thing',
    ],
  ])('name what is wrong: %s (%s → %s)', (expected, from, to) => {
    expect(deviations(buildSchema(CONVENTIONAL))).toEqual([]);
    expect(CONVENTIONAL).toContain(from);
    expect(deviations(buildSchema(CONVENTIONAL.replace(from, to)))).toContain(expected);
  });

  it.each([
    ['Mine.others: expected an item that may be null', 'others: [Other!]', 1],
    ['', 'others: [Other]!', 0],
    ['Mine.others: expected an item that may be null', 'others: Other!', 1],
    ['', 'others: Other', 0],
  ])('name what is promised for another subgraph: %s (%s)', (expected, field, count) => {
    const subgraph = buildSchema(
      `type Query { mine: Mine! } type Mine { ${field} } type Other { id: ID! likes: Int }`,
    );
    const whole = buildSchema(
      'type Query { other: Other } type Other { id: ID! title: String! likes: Int }',
    );
    expect(promisesForOthers(whole, subgraph)).toEqual(count === 0 ? [] : [expected]);
  });
});

const CONVENTIONAL = `
type Query { things(ownerId: ID, first: Int = 20, after: String): ThingConnection }
type Mutation { updateThing(id: ID!, input: ThingInput!, expectedRevision: Int, operationId: ID): SaveResult }
type Thing { id: ID! revision: Int! top(first: Int = 3): [Thing] }
type ThingConnection { nodes: [Thing!]! edges: [ThingEdge!]! pageInfo: PageInfo! totalCount: Int }
type ThingEdge { node: Thing! cursor: String! }
type PageInfo { hasNextPage: Boolean! }
input ThingInput { name: String }
union SaveResult = ThingSaved | ValidationFailed | VersionConflict | NotFound
union Versioned = Thing
type ThingSaved { thing: Thing! }
type ValidationFailed { message: String! }
type VersionConflict { current: Versioned }
type NotFound { message: String! }
`;
