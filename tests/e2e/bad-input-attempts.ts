import {
  coerceInputValue,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

/** One request that tries values at one place of the API. */
export interface Attempt {
  /** Where: `Movie.credits(after)`, `Mutation.createMovie(input.credits.0.job)`. */
  readonly place: string;
  /** The root field, for whoever decides as whom to ask. */
  readonly root: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What stands where an argument is needed but not tried, by mutation or field and path. */
export type Usual = (field: string, path: string) => unknown;

type Field = GraphQLField<unknown, unknown>;
type Path = readonly (string | number)[];

const TEXTS = [
  '',
  '   ',
  'x'.repeat(10_000),
  '😀'.repeat(60),
  'שלום עולם',
  'a\u0000b',
  '\ud800',
  '.*(a+)+$',
  '$where',
  '{"$gt":""}',
  '__proto__',
];
const NUMBERS = [0, -1, 101, 1.5, 2_147_483_647, -2_147_483_648, 2 ** 53, 1e308, '7'];

/** Cursors that nobody issued, of all the forms that ours have inside. */
const CURSORS = ['[]', '["x","y"]', 'credit:9999', 'credit:-1', '0.0.eA', '9.9.eA', '0:', '999:eA']
  .map((inside) => Buffer.from(inside).toString('base64url'))
  .concat('A'.repeat(9_000), 'A'.repeat(90_000));

const EDGES: Readonly<Record<string, readonly unknown[]>> = {
  String: TEXTS,
  ID: [...TEXTS, 'tt0:bob', '../..', -1],
  Int: NUMBERS,
  Float: NUMBERS,
  Boolean: [true, false, 'yes'],
  Date: [...TEXTS, '0001-01-01', '9999-12-31', '2023-02-30', 7],
  DateTime: [...TEXTS, '0001-01-01T00:00:00Z', '2023-02-30T00:00:00Z', 7],
  URL: [...TEXTS, 'javascript:alert(1)', `https://example.org/${'x'.repeat(10_000)}`, 7],
  EmailAddress: [...TEXTS, 'a@b', `${'x'.repeat(400)}@example.org`, 7],
};

// By name: what its type does not tell.
const MORE_EDGES: Readonly<Record<string, readonly unknown[]>> = {
  after: CURSORS,
  operationId: ['00000000-0000-7000-8000-000000000000', 'ffffffff-ffff-7fff-bfff-ffffffffffff'],
};

const LIST_LENGTHS = [0, 51, 101];

/**
 * Every argument of every field, each scalar of it at its edges: those values together that GraphQL's
 * types let through, each of the others alone, since it takes the whole request down.
 */
export const badInputAttempts = (schema: GraphQLSchema, usual: Usual): Attempt[] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) =>
        attemptsAt(schema, type.name, field, usual),
      ),
    );

const attemptsAt = (schema: GraphQLSchema, parent: string, field: Field, usual: Usual): Attempt[] =>
  field.args.flatMap((argument) =>
    trialsOf(argument.type, [argument.name]).flatMap(({ path, type, values }) => {
      const inputs = values.map((value) => inputWith(field, path, value, usual));
      const together = inputs.filter((_, index) => isLetThrough(values[index], type));
      const alone = inputs.filter((_, index) => !isLetThrough(values[index], type));
      return [...inGroups(together), ...alone.map((input) => [input])].map((group) => ({
        place: `${parent}.${field.name}(${path.join('.')})`,
        ...requestOf(schema, parent, field, group, usual),
      }));
    }),
  );

/** Values in one request: far from the limit of root fields, and no crowd of reads at once. */
const GROUP_MAX = 6;

const inGroups = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / GROUP_MAX) }, (_, index) =>
    items.slice(index * GROUP_MAX, (index + 1) * GROUP_MAX),
  );

interface Trial {
  readonly path: Path;
  readonly type: GraphQLInputType;
  readonly values: readonly unknown[];
}

const trialsOf = (given: GraphQLInputType, path: Path): Trial[] => {
  const type = getNullableType(given);
  if (isListType(type)) {
    const [item] = trialsOf(type.ofType, [...path, 0]);
    const example = isLeafType(getNamedType(type)) ? item?.values.at(-1) : {};
    const lists = LIST_LENGTHS.map((length) => Array.from({ length }, () => example));
    return [
      { path, type: given, values: [...lists, [null], null] },
      ...trialsOf(type.ofType, [...path, 0]),
    ];
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    return [
      { path, type: given, values: [{}, { $where: '1' }, 'text', [], null] },
      ...fields.flatMap((field) => trialsOf(field.type, [...path, field.name])),
    ];
  }
  const values = isEnumType(type)
    ? [...type.getValues().map(({ name }) => name), 'NOTHING', '', 7]
    : (EDGES[type.name] ?? []);
  if (values.length === 0) throw new Error(`No edges are known of ${type.name}.`);
  const name = String(path.findLast((step) => typeof step === 'string'));
  return [{ path, type: given, values: [...values, ...(MORE_EDGES[name] ?? []), null] }];
};

// Of its own scalars the gateway judges none: a subgraph does, for all that is asked of it at once.
const isLetThrough = (value: unknown, type: GraphQLInputType): boolean => {
  if (!isSpecifiedScalarType(getNamedType(type)) && !isEnumType(getNamedType(type))) return false;
  let isGood = true;
  coerceInputValue(value, type, () => (isGood = false));
  return isGood;
};

type Input = Readonly<Record<string, unknown>>;

// The arguments that the field needs, and the one that is tried.
const inputWith = (field: Field, path: Path, value: unknown, usual: Usual): Input => {
  const usualOf = (type: GraphQLInputType, at: string): unknown => {
    const given = usual(field.name, at);
    if (given !== undefined) return given;
    const nullable = getNullableType(type);
    if (isListType(nullable)) return [];
    if (isInputObjectType(nullable)) {
      const needed = Object.values(nullable.getFields()).filter((it) => isNonNullType(it.type));
      return Object.fromEntries(
        needed.map((it) => [it.name, usualOf(it.type, `${at}.${it.name}`)]),
      );
    }
    return isEnumType(nullable) ? nullable.getValues()[0]?.name : 'x';
  };
  const put = (type: GraphQLInputType, steps: Path, at: string): unknown => {
    const [step, ...rest] = steps;
    if (step === undefined) return value;
    const nullable = getNullableType(type);
    if (isListType(nullable)) return [put(nullable.ofType, rest, `${at}.0`)];
    if (!isInputObjectType(nullable)) throw new Error(`${at} has no ${step}.`);
    const inner = nullable.getFields()[step]!.type;
    return {
      ...(usualOf(nullable, at) as Input),
      [step]: put(inner, rest, `${at}.${step}`),
    };
  };
  return Object.fromEntries(
    field.args
      .filter(({ name, type }) => name === path[0] || isNonNullType(type))
      .map(({ name, type }) => [
        name,
        name === path[0] ? put(type, path.slice(1), name) : usualOf(type, name),
      ]),
  );
};

const requestOf = (
  schema: GraphQLSchema,
  parent: string,
  field: Field,
  inputs: readonly Input[],
  usual: Usual,
): Omit<Attempt, 'place'> => {
  const declared: string[] = [];
  const variables: Record<string, unknown> = {};
  const fields = inputs.map((input, index) => {
    const given = field.args.filter(({ name }) => Object.hasOwn(input, name));
    const args = given.map(({ name, type }) => {
      declared.push(`$${name}${index}: ${String(type)}`);
      variables[`${name}${index}`] = input[name];
      return `${name}: $${name}${index}`;
    });
    return `it${index}: ${field.name}(${args.join(', ')}) ${selectionOf(field.type)}`;
  });
  const asked = fields.join('\n');
  if (parent === 'Mutation') {
    return { root: field.name, query: `mutation (${declared.join(', ')}) { ${asked} }`, variables };
  }
  const root = parent === 'Query' ? field.name : rootOf(schema, parent);
  const body =
    parent === 'Query'
      ? asked
      : `of: ${root}(id: ${JSON.stringify(usual(root, 'id'))}) { ${asked} }`;
  return { root, query: `query (${declared.join(', ')}) { ${body} }`, variables };
};

// The field of Query by whose id one gets there.
const rootOf = (schema: GraphQLSchema, parent: string): string => {
  const root = Object.values(schema.getQueryType()?.getFields() ?? {}).find(
    ({ type, args }) => getNullableType(type).toString() === parent && args[0]?.name === 'id',
  );
  if (!root) throw new Error(`No field of Query leads to ${parent}.`);
  return root.name;
};

const selectionOf = (output: GraphQLOutputType): string => {
  const type = getNamedType(output);
  if (isUnionType(type)) {
    const saved = type.getTypes().flatMap(({ name }) => {
      const [, entity] = /^(Movie|Person)Saved$/.exec(name) ?? [];
      return entity ? [`... on ${name} { ${entity.toLowerCase()} { id } }`] : [];
    });
    return `{ __typename ${saved.join(' ')} }`;
  }
  if (!isObjectType(type)) return '';
  return type.getFields().nodes ? '{ nodes { __typename } }' : '{ __typename }';
};
