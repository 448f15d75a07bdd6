import { badValue, failedToParse, typeMismatch } from '../../command-error.ts';
import { compareValues, equalValues } from '../compare.ts';
import { describeElement } from '../describe-value.ts';
import { isRegExp } from '../filter/comparison.ts';
import { compileLogical } from '../filter/logical.ts';
import { isOperatorDocument } from '../filter/operator-document.ts';
import { isListed, LOGICAL_FILTER_OPERATORS } from '../../scope/scope.ts';
import { typeAlias } from '../type-alias.ts';
import { isDocument, isNumber, toDouble, type Value } from '../value.ts';
import type { FieldUpdate } from './field-update.ts';

/** The elements to add: those of `$each`, or the argument itself. */
export function eachOf(name: string, argument: Value): readonly Value[] {
  if (!isDocument(argument) || !argument.has('$each')) return [argument];
  const each = argument.get('$each');
  if (!Array.isArray(each)) {
    throw badValue(
      `The argument to $each in ${name} must be an array but it was of type: ${typeAlias(each)}`,
    );
  }
  return each;
}

export function addToSet(_path: string, argument: Value): FieldUpdate {
  // Only a leading `$each` is a modifier; elsewhere it is a field of the element.
  const isEach = isDocument(argument) && argument.keys().next().value === '$each';
  if (isEach && argument.size > 1) {
    const extra = [...argument.keys()][1] ?? '';
    throw badValue(`Found unexpected fields after $each in $addToSet: ${extra}`);
  }
  const candidates = isEach ? eachOf('$addToSet', argument) : [argument];
  return {
    onMissing: 'create',
    edit: (current, { path }) => {
      if (current !== undefined && !Array.isArray(current)) {
        throw badValue(
          `Cannot apply $addToSet to non-array field. Field named '${path}' has non-array type ${typeAlias(current)}`,
        );
      }
      const present = current ?? [];
      const added: Value[] = [];
      for (const candidate of candidates) {
        const isKnown = [...present, ...added].some((element) => equalValues(element, candidate));
        if (!isKnown) added.push(candidate);
      }
      return added.length === 0 ? present : [...present, ...added];
    },
  };
}

export function pop(path: string, argument: Value): FieldUpdate {
  if (!isNumber(argument)) {
    throw failedToParse(`Expected a number in: ${describeElement(path, argument)}`);
  }
  const end = toDouble(argument);
  if (end !== 1 && end !== -1)
    throw failedToParse(`$pop expects 1 or -1, found: ${argument.toString()}`);
  return {
    onMissing: 'skip',
    edit: (current, site) => {
      if (current === undefined) return undefined;
      if (!Array.isArray(current)) {
        throw typeMismatch(
          `Path '${site.path}' contains an element of non-array type '${typeAlias(current)}'`,
        );
      }
      return end === 1 ? current.slice(0, -1) : current.slice(1);
    },
  };
}

export function pullAll(_path: string, argument: Value): FieldUpdate {
  if (!Array.isArray(argument)) {
    throw badValue(`$pullAll requires an array argument but was given a ${typeAlias(argument)}`);
  }
  return culling('$pullAll', (element) => argument.some((value) => equalValues(element, value)));
}

export const pull = (_path: string, argument: Value): FieldUpdate =>
  culling('$pull', pullTest(argument));

const ELEMENT = '';

/** A document of conditions is asked of documents, operators and expressions of the element, other values are equal. */
function pullTest(argument: Value): (element: Value) => boolean {
  if (isDocument(argument) && !startsWithFieldOperator(argument)) {
    const { test } = compileLogical(argument);
    return (element) => isDocument(element) && test(element);
  }
  if (isDocument(argument) || isRegExp(argument)) {
    const { test } = compileLogical(new Map([[ELEMENT, argument]]));
    return (element) => test(new Map([[ELEMENT, element]]));
  }
  return (element) => compareValues(element, argument) === 0;
}

function startsWithFieldOperator(argument: Value): boolean {
  if (!isOperatorDocument(argument)) return false;
  const [first] = argument.keys();
  return first !== undefined && !isListed(LOGICAL_FILTER_OPERATORS, first);
}

const culling = (name: string, leaves: (element: Value) => boolean): FieldUpdate => ({
  onMissing: 'skip',
  edit: (current) => {
    if (current === undefined) return undefined;
    if (!Array.isArray(current)) throw badValue(`Cannot apply ${name} to a non-array value`);
    return current.filter((element) => !leaves(element));
  },
});
