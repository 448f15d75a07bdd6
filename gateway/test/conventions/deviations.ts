import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/**
 * Where a schema leaves the conventions of docs/api.md, each as `Type.field: what was expected`, in
 * the order of the schema. These are the ones for which @graphql-eslint has no rule, or whose rule
 * allows what ours does not.
 */
export const deviations = (schema: GraphQLSchema): string[] => {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const objects = types.filter(isObjectType);
  const named = objects.flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) => fieldDeviations(type, field)),
  );
  return [
    ...objects.filter(({ name }) => name.endsWith('Connection')).flatMap(connectionDeviations),
    ...objects.filter(({ name }) => name.endsWith('Edge')).flatMap(edgeDeviations),
    ...named,
    ...fieldsOf(schema.getQueryType()).flatMap((field) => rootDeviations('Query', field)),
    ...fieldsOf(schema.getMutationType()).flatMap((field) => [
      ...rootDeviations('Mutation', field),
      ...mutationDeviations(field),
    ]),
    ...types
      .filter(isInputObjectType)
      .flatMap((type) =>
        Object.values(type.getFields()).flatMap((field) => idDeviations(type.name, field)),
      ),
    ...revisionDeviations(schema, objects),
  ];
};

type AnyField = GraphQLField<unknown, unknown>;

const fieldsOf = (type: GraphQLObjectType | null | undefined): AnyField[] =>
  type ? Object.values(type.getFields()) : [];

const expecting = (place: string, expected: string, holds: boolean): string[] =>
  holds ? [] : [`${place}: expected ${expected}`];

const typeOf = (type: GraphQLObjectType, field: string): string =>
  String(type.getFields()[field]?.type);

// A page: what is on it, where it stands, and the count over all pages.
const connectionDeviations = (type: GraphQLObjectType): string[] => {
  const stem = type.name.slice(0, -'Connection'.length);
  const nodes = type.getFields().nodes;
  const node = nodes && getNamedType(nodes.type).name;
  return [
    ...expecting(
      `${type.name}.nodes`,
      'a list `[…!]!`',
      typeOf(type, 'nodes') === `[${String(node)}!]!`,
    ),
    ...expecting(
      `${type.name}.edges`,
      `[${stem}Edge!]!`,
      typeOf(type, 'edges') === `[${stem}Edge!]!`,
    ),
    ...expecting(`${type.name}.pageInfo`, 'PageInfo!', typeOf(type, 'pageInfo') === 'PageInfo!'),
    ...expecting(`${type.name}.totalCount`, 'Int', /^Int!?$/.test(typeOf(type, 'totalCount'))),
  ];
};

const edgeDeviations = (type: GraphQLObjectType): string[] => [
  ...expecting(`${type.name}.node`, 'a node that is there', /!$/.test(typeOf(type, 'node'))),
  ...expecting(`${type.name}.cursor`, 'String!', typeOf(type, 'cursor') === 'String!'),
];

const fieldDeviations = (type: GraphQLObjectType, field: AnyField): string[] => {
  const place = `${type.name}.${field.name}`;
  const isConnection = getNamedType(field.type).name.endsWith('Connection');
  const argument = (name: string): GraphQLArgument | undefined =>
    field.args.find((candidate) => candidate.name === name);
  const first = argument('first');
  return [
    ...idDeviations(type.name, field),
    ...field.args.flatMap((candidate) => idDeviations(place, candidate)),
    // A list is empty, not null; only where a service can fail it may be null as a whole.
    ...(isConnection
      ? [
          ...expecting(place, 'a connection that may be null', !isNonNullType(field.type)),
          ...expecting(
            `${place}(first)`,
            'Int = 20',
            String(first?.type) === 'Int' && first?.defaultValue === 20,
          ),
          ...expecting(`${place}(after)`, 'String', String(argument('after')?.type) === 'String'),
        ]
      : expecting(
          `${place}(first)`,
          'a default',
          !first || typeof first.defaultValue === 'number',
        )),
  ];
};

// What is called an id is one: clients and their caches know it by its type.
const idDeviations = (
  place: string,
  { name, type }: { readonly name: string; readonly type: unknown },
): string[] => {
  if (!/^id$|Id$/.test(name)) return [];
  return expecting(`${place}.${name}`, 'ID', /^\[?ID!?\]?!?$/.test(String(type)));
};

// Several fields of one request must not take each other down.
const rootDeviations = (root: string, field: AnyField): string[] =>
  expecting(`${root}.${field.name}`, 'a type that may be null', !isNonNullType(field.type));

// By what a mutation does, which its name begins with.
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  create: ['ValidationFailed'],
  update: ['ValidationFailed', 'VersionConflict', 'NotFound'],
  delete: ['VersionConflict', 'NotFound'],
  restore: ['NotFound'],
  set: ['ValidationFailed', 'NotFound'],
};
const FAILURES: ReadonlySet<string> = new Set(['ValidationFailed', 'VersionConflict', 'NotFound']);

const mutationDeviations = (field: AnyField): string[] => {
  const place = `Mutation.${field.name}`;
  const [verb = ''] = /^[a-z]+/.exec(field.name) ?? [];
  const argument = (name: string) => field.args.find((candidate) => candidate.name === name)?.type;
  const type = getNamedType(field.type);
  const outcomes = isUnionType(type) ? type.getTypes().map(({ name }) => name) : [];
  const needed = OUTCOMES[verb] ?? [];
  return [
    ...expecting(`${place}(operationId)`, 'ID', String(argument('operationId')) === 'ID'),
    ...(verb === 'update' || verb === 'delete'
      ? expecting(
          `${place}(expectedRevision)`,
          'Int',
          String(argument('expectedRevision')) === 'Int',
        )
      : []),
    ...(verb === 'update' || verb === 'create'
      ? expecting(`${place}(input)`, 'one input', isInputObjectType(inputOf(argument('input'))))
      : []),
    ...expecting(
      place,
      'a union `…Result` of one success and what else is to be expected',
      type.name.endsWith('Result') &&
        outcomes.filter((name) => !FAILURES.has(name)).length === 1 &&
        outcomes.some((name) => FAILURES.has(name)),
    ),
    ...(outcomes.length === 0
      ? []
      : needed.flatMap((outcome) => expecting(place, outcome, outcomes.includes(outcome)))),
  ];
};

const inputOf = (type: GraphQLArgument['type'] | undefined) => type && getNullableType(type);

// Whatever has a revision can be the current object of a conflict.
const revisionDeviations = (
  schema: GraphQLSchema,
  objects: readonly GraphQLObjectType[],
): string[] => {
  const versioned = schema.getType('Versioned');
  const members = isUnionType(versioned) ? versioned.getTypes() : [];
  return objects
    .filter((type) => type.getFields().revision)
    .flatMap((type) => expecting(type.name, 'a member of Versioned', members.includes(type)));
};

/**
 * Fields by which one subgraph promises an object of another: `Type.field` where the item could not be
 * null. An object is another's where the composed type has a field that is always there and that this
 * subgraph does not have: if the other one is down, or the object is deleted, that promise is broken.
 */
export const promisesForOthers = (api: GraphQLSchema, subgraph: GraphQLSchema): string[] =>
  Object.values(subgraph.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) => {
        const target = getNamedType(field.type);
        const whole = isObjectType(target) && api.getType(target.name);
        if (!isObjectType(target) || !isObjectType(whole)) return [];
        const served = target.getFields();
        const servedElsewhere = Object.values(whole.getFields()).some(
          ({ name, type: fieldType }) => isNonNullType(fieldType) && !served[name],
        );
        const list = getNullableType(field.type);
        const item = isListType(list) ? list.ofType : field.type;
        const place = `${type.name}.${field.name}`;
        return servedElsewhere
          ? expecting(place, 'an item that may be null', !isNonNullType(item))
          : [];
      }),
    );

/** Scalars of a schema beside GraphQL's own. */
export const scalarsOf = (schema: GraphQLSchema): string[] =>
  Object.values(schema.getTypeMap())
    .filter(isScalarType)
    .map(({ name }) => name)
    .filter((name) => !['String', 'Int', 'Float', 'Boolean', 'ID'].includes(name));
