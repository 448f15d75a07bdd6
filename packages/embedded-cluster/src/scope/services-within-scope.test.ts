import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import {
  ACCUMULATORS,
  AGGREGATION_STAGES,
  COMMANDS,
  EXPRESSIONS,
  FIELD_FILTER_OPERATORS,
  LOGICAL_FILTER_OPERATORS,
  PROJECTION_OPERATORS,
  PUSH_MODIFIERS,
  UPDATE_OPERATORS,
  UPDATE_STAGES,
  VARIABLES,
} from './scope.ts';

/*
 * What the services ask of a database, read from their source: what the engine does not have would work
 * on Atlas and fail on the engine that every test and newcomer meets, or the other way round.
 */

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Speaks to a mongod that it has just started, never to the embedded engine. */
const REAL_MONGOD_ONLY = 'packages/launcher/src/engines/mongod.ts';

/** Every folder whose code talks to a cluster. */
const SERVICE_FOLDERS = [
  'gateway/src',
  'namenode-service/src',
  ...readdirSync(join(root, 'subgraphs')).map((name) => `subgraphs/${name}/src`),
  ...readdirSync(join(root, 'packages'))
    .filter((name) => !['embedded-cluster', 'client-kit'].includes(name))
    .map((name) => `packages/${name}/src`),
];

const OPERATORS: ReadonlySet<string> = new Set([
  ...LOGICAL_FILTER_OPERATORS,
  ...FIELD_FILTER_OPERATORS,
  ...UPDATE_OPERATORS,
  ...PUSH_MODIFIERS,
  ...PROJECTION_OPERATORS,
  ...EXPRESSIONS,
  ...AGGREGATION_STAGES,
  ...ACCUMULATORS,
]);
const KNOWN_COMMANDS: ReadonlySet<string> = new Set(COMMANDS);

/** Methods of the driver, and options, that send what the engine refuses. */
const REFUSED_METHODS = new Set([
  'watch',
  'rename',
  'renameCollection',
  'createView',
  'addCursorFlag',
  'maxAwaitTimeMS',
  'mapReduce',
  'createSearchIndex',
  'createSearchIndexes',
  'listSearchIndexes',
]);
const REFUSED_OPTIONS = new Set([
  'collation',
  'expireAfterSeconds',
  'timeseries',
  'capped',
  'validator',
  'validationLevel',
  'viewOn',
  'clusteredIndex',
  'changeStreamPreAndPostImages',
  'tailable',
  'awaitData',
  'showRecordId',
  'returnKey',
]);
/** Of a client, where a collection's is meant: the command that MongoDB 8 brought. */
const CLIENT = /(^|[a-z])client$/i;

/** What is no collection: the NameNode's own monitor of clusters. */
const OTHERS_THAT_WATCH = new Set(['monitor.watch', 'this.watch']);

/** Where an object stands in a call says which table its operators must be in. */
const FILTERED = new Set([
  'find',
  'findOne',
  'countDocuments',
  'deleteOne',
  'deleteMany',
  'updateOne',
  'updateMany',
  'replaceOne',
  'findOneAndUpdate',
  'findOneAndReplace',
  'findOneAndDelete',
]);
const UPDATED = new Set(['updateOne', 'updateMany', 'findOneAndUpdate']);

const operatorsIn = (node: ts.Node | undefined): [ts.Node, string][] =>
  node && ts.isObjectLiteralExpression(node)
    ? node.properties.flatMap((property): [ts.Node, string][] => {
        const name = property.name && nameOf(property.name);
        return name?.startsWith('$') ? [[property, name]] : [];
      })
    : [];

const elementsOf = (node: ts.Node | undefined): readonly ts.Node[] | undefined =>
  node && ts.isArrayLiteralExpression(node) ? node.elements : undefined;

/** Operators that stand where another kind of them belongs, such as a stage in an update. */
const misplacedIn = (call: ts.CallExpression, method: string): [ts.Node, string][] => {
  const [first, second] = call.arguments;
  const outside = (nodes: readonly (ts.Node | undefined)[], table: readonly string[]) =>
    nodes.flatMap(operatorsIn).filter(([, name]) => OPERATORS.has(name) && !table.includes(name));
  const stages = elementsOf(first);
  const updateStages = elementsOf(second);
  return [
    ...(method === 'aggregate' && stages ? outside(stages, AGGREGATION_STAGES) : []),
    ...(FILTERED.has(method) ? outside([first], LOGICAL_FILTER_OPERATORS) : []),
    ...(UPDATED.has(method)
      ? updateStages
        ? outside(updateStages, UPDATE_STAGES)
        : outside([second], UPDATE_OPERATORS)
      : []),
  ];
};

/** What a file asks for that is not in the tables, each as `line: name`. */
const beyondScope = (path: string, text: string): string[] => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const report = (node: ts.Node, name: string): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${String(line + 1)}: ${name}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
      const name = nameOf(node.name);
      if (name?.startsWith('$') && !OPERATORS.has(name)) report(node, name);
      if (name !== undefined && REFUSED_OPTIONS.has(name)) report(node, name);
    }
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const method = node.expression.name.text;
      const [first] = node.arguments;
      const receiver = node.expression.expression.getText();
      if (REFUSED_METHODS.has(method) && !OTHERS_THAT_WATCH.has(`${receiver}.${method}`))
        report(node, `${method}()`);
      for (const [place, name] of misplacedIn(node, method))
        report(place, `${name} in ${method}()`);
      if (method === 'bulkWrite' && CLIENT.test(receiver)) report(node, 'bulkWrite() of a client');
      if (method === 'command' && first && ts.isObjectLiteralExpression(first)) {
        const name = first.properties[0]?.name && nameOf(first.properties[0].name);
        if (name !== undefined && !KNOWN_COMMANDS.has(name)) report(node, `command ${name}`);
      }
    }
    if (ts.isStringLiteralLike(node)) {
      const variable = /^\$\$([A-Z][A-Z_]*)/.exec(node.text)?.[1];
      if (variable !== undefined && !(VARIABLES as readonly string[]).includes(variable))
        report(node, `$$${variable}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const nameOf = (name: ts.PropertyName): string | undefined => {
  if (ts.isIdentifier(name) || ts.isStringLiteral(name)) return name.text;
  if (ts.isComputedPropertyName(name) && ts.isStringLiteral(name.expression)) {
    return name.expression.text;
  }
  return undefined;
};

const sourcesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(root, folder, name));

describe('what the services ask of a cluster', () => {
  it('is all in the scope table', () => {
    const files = SERVICE_FOLDERS.flatMap(sourcesOf).filter(
      (path) => relative(root, path) !== REAL_MONGOD_ONLY,
    );
    const operators = files.filter((path) => readFileSync(path, 'utf8').includes('$set'));
    expect(operators.length).toBeGreaterThan(0);
    const found = files.flatMap((path) =>
      beyondScope(path, readFileSync(path, 'utf8')).map((it) => `${relative(root, path)}:${it}`),
    );
    expect(found).toEqual([]);
  });

  it.each([
    ['a stage', `films.aggregate([{ $lookup: { from: 'person' } }])`, '1: $lookup'],
    ['an operator', `films.find({ place: { $near: [0, 0] } })`, '1: $near'],
    ['a command', `db.command({ collMod: 'films' })`, '1: command collMod'],
    ['a method', `films.mapReduce(map, reduce)`, '1: mapReduce()'],
    ['a change stream', `films.watch([])`, '1: watch()'],
    ['a new name', `films.rename('movies')`, '1: rename()'],
    ['a bulk of the client', `mongoClient.bulkWrite(models)`, '1: bulkWrite() of a client'],
    ['a validator', `db.createCollection('films', { validator: rules })`, '1: validator'],
    ['a view', `db.createCollection('films', { viewOn: 'all' })`, '1: viewOn'],
    ['a tailable cursor', `films.find({}, { tailable: true })`, '1: tailable'],
    ['a variable', `films.updateOne({}, [{ $set: { at: '$$NOW' } }])`, '1: $$NOW'],
    ['a stage', `films.updateOne({}, { $match: {} })`, '1: $match in updateOne()'],
    ['a stage', `films.updateOne({}, [{ $group: {} }])`, '1: $group in updateOne()'],
    ['an update', `films.find({ $inc: { n: 1 } })`, '1: $inc in find()'],
    ['a filter', `films.aggregate([{ $and: [] }])`, '1: $and in aggregate()'],
    ['an option', `films.find({}, { collation: { locale: 'en' } })`, '1: collation'],
  ])('is found where %s is not', (_what, code, expected) => {
    expect(beyondScope('planted.ts', code)).toEqual([expected]);
  });
});
