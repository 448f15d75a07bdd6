import { badValue, CommandError } from '../../command-error.ts';
import { isRegExp } from '../filter/comparison.ts';
import { isOperatorDocument } from '../filter/operator-document.ts';
import { type Document, isDocument, type Value } from '../value.ts';
import { editAtPath } from './path-edit.ts';

/** The fields that a filter fixes to one value each; a document made by an upsert starts with them. */
export function equalitiesOf(filter: Document): Document {
  const equalities = new Map<string, Value>();
  collect(filter, equalities);
  return equalities;
}

function collect(filter: Document, equalities: Map<string, Value>): void {
  for (const [name, condition] of filter) {
    if (name === '$and' || (name === '$or' && Array.isArray(condition) && condition.length === 1)) {
      for (const branch of Array.isArray(condition) ? condition : []) {
        if (isDocument(branch)) collect(branch, equalities);
      }
    } else if (name === '$expr') {
      throw badValue('$expr is not allowed in the query predicate for an upsert');
    } else if (!name.startsWith('$')) {
      for (const value of fixedValues(condition)) addEquality(name, value, equalities);
    }
  }
}

function fixedValues(condition: Value): Value[] {
  if (isRegExp(condition)) return [];
  if (!isOperatorDocument(condition)) return [condition];
  const values: Value[] = [];
  if (condition.has('$eq')) values.push(condition.get('$eq'));
  const isOneOf = condition.get('$in');
  if (Array.isArray(isOneOf) && isOneOf.length === 1) values.push(isOneOf[0]);
  const all = condition.get('$all');
  if (Array.isArray(all)) values.push(...all);
  return values.filter((value) => !isRegExp(value) && !isOperatorDocument(value));
}

function addEquality(path: string, value: Value, equalities: Map<string, Value>): void {
  if (equalities.has(path)) {
    throw new CommandError(
      'NotSingleValueField',
      `cannot infer query fields to set, path '${path}' is matched twice`,
    );
  }
  for (const other of equalities.keys()) {
    if (other.startsWith(`${path}.`) || path.startsWith(`${other}.`)) {
      const [shorter, longer] = other.length < path.length ? [other, path] : [path, other];
      throw new CommandError(
        'NotSingleValueField',
        `cannot infer query fields to set, both paths '${longer}' and '${shorter}' are matched`,
      );
    }
  }
  equalities.set(path, value);
}

export function documentOfEqualities(equalities: Document): Document {
  let document: Document = new Map();
  for (const [path, value] of equalities) {
    document = editAtPath(document, path.split('.'), 'create', () => value);
  }
  return document;
}
