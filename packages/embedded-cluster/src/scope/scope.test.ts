import { COMMANDS as REGISTERED } from '../commands/registry.ts';
import { CommandError } from '../command-error.ts';
import { runPipeline } from '../documents/aggregation/pipeline.ts';
import { compileExpression } from '../documents/expression.ts';
import { compileFilter } from '../documents/filter.ts';
import { compileUpdate } from '../documents/update.ts';
import { documentOf } from '../documents/value.ts';
import {
  ACCUMULATORS,
  AGGREGATION_STAGES,
  COMMANDS,
  EXPRESSIONS,
  FIELD_FILTER_OPERATORS,
  LOGICAL_FILTER_OPERATORS,
  TEST_COMMANDS,
  UPDATE_OPERATORS,
} from './scope.ts';

/** Names that MongoDB has, from its reference; whatever of them the tables do not list must be refused. */
const MONGODB_FILTER_OPERATORS = [
  '$jsonSchema',
  '$where',
  '$text',
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
  '$within',
  '$sampleRate',
  '$alwaysTrue',
  '$alwaysFalse',
  '$rand',
  '$maxDistance',
  '$uniqueDocs',
  '$_internalExprEq',
  '$eq',
  '$gt',
  '$in',
];
const MONGODB_STAGES = [
  '$bucket',
  '$bucketAuto',
  '$changeStream',
  '$collStats',
  '$currentOp',
  '$densify',
  '$documents',
  '$facet',
  '$fill',
  '$geoNear',
  '$graphLookup',
  '$indexStats',
  '$listSessions',
  '$lookup',
  '$merge',
  '$out',
  '$planCacheStats',
  '$redact',
  '$sample',
  '$search',
  '$setWindowFields',
  '$sortByCount',
  '$unionWith',
  '$vectorSearch',
];
const MONGODB_EXPRESSIONS = [
  '$abs',
  '$accumulator',
  '$dateToString',
  '$filter',
  '$function',
  '$map',
  '$mergeObjects',
  '$objectToArray',
  '$reduce',
  '$regexMatch',
  '$split',
  '$substrCP',
  '$switch',
  '$toString',
  '$let',
  '$meta',
  '$type',
];
const MONGODB_ACCUMULATORS = [
  '$stdDevPop',
  '$mergeObjects',
  '$top',
  '$firstN',
  '$median',
  '$accumulator',
];

const codeOf = (run: () => unknown): number | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof CommandError) return error.code;
    throw error;
  }
};

describe('the scope', () => {
  it('lists exactly the commands that have a handler', () => {
    const registered = REGISTERED.map(({ name }) => name);
    expect(registered.toSorted()).toEqual([...COMMANDS, ...TEST_COMMANDS].toSorted());
    const testOnly = REGISTERED.filter((command) => command.testOnly).map(({ name }) => name);
    expect(testOnly.toSorted()).toEqual([...TEST_COMMANDS].toSorted());
  });

  it('refuses filter operators that it does not list as unknown', () => {
    const listed: readonly string[] = [...LOGICAL_FILTER_OPERATORS, ...FIELD_FILTER_OPERATORS];
    for (const name of MONGODB_FILTER_OPERATORS) {
      if (!listed.includes(name)) {
        expect(codeOf(() => compileFilter(documentOf({ a: { [name]: 1 } })))).toBe(2);
      }
      expect(codeOf(() => compileFilter(documentOf({ [name]: 1 })))).toBe(2);
    }
  });

  it('refuses update operators that it does not list as unknown modifiers', () => {
    for (const name of ['$foo', '$replaceWith', '$pushAll', '$addFields']) {
      expect((UPDATE_OPERATORS as readonly string[]).includes(name)).toBe(false);
      expect(codeOf(() => compileUpdate(documentOf({ [name]: { a: 1 } })))).toBe(9);
    }
  });

  it('refuses stages, expressions and accumulators that it does not list', () => {
    for (const name of MONGODB_STAGES) {
      expect((AGGREGATION_STAGES as readonly string[]).includes(name)).toBe(false);
      expect(codeOf(() => runPipeline([documentOf({ [name]: {} })], []))).toBe(40324);
    }
    for (const name of MONGODB_EXPRESSIONS) {
      expect((EXPRESSIONS as readonly string[]).includes(name)).toBe(false);
      expect(codeOf(() => compileExpression(documentOf({ [name]: '$a' })))).toBe(168);
    }
    for (const name of MONGODB_ACCUMULATORS) {
      expect((ACCUMULATORS as readonly string[]).includes(name)).toBe(false);
      const stage = documentOf({ $group: { _id: null, a: { [name]: '$a' } } });
      expect(codeOf(() => runPipeline([stage], []))).toBe(15952);
    }
  });
});
