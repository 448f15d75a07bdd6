import { badValue } from '../../command-error.ts';
import type { UpdateOperator } from '../../scope/scope.ts';
import { describeElement } from '../describe-value.ts';
import { typeAlias } from '../type-alias.ts';
import { isDocument, type Value } from '../value.ts';
import { addToSet, pop, pull, pullAll } from './array-operators.ts';
import type { FieldUpdate } from './field-update.ts';
import { bit, extreme, increment, multiplyBy } from './number-operators.ts';
import { push } from './push.ts';

const set = (_path: string, argument: Value): FieldUpdate => ({
  onMissing: 'create',
  edit: () => argument,
});

function currentDate(path: string, argument: Value): FieldUpdate {
  const isTimestamp = currentDateType(path, argument) === 'timestamp';
  return {
    onMissing: 'create',
    edit: (_current, { context }) => (isTimestamp ? context.clusterTime : new Date(context.nowMs)),
  };
}

function currentDateType(path: string, argument: Value): 'date' | 'timestamp' {
  if (typeof argument === 'boolean') return 'date';
  if (!isDocument(argument)) {
    throw badValue(
      `${typeAlias(argument)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  }
  const [first] = argument;
  if (argument.size === 1 && first?.[0] === '$type') {
    if (first[1] === 'date' || first[1] === 'timestamp') return first[1];
    throw badValue(
      `The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}`,
    );
  }
  throw badValue(`Unrecognized $currentDate option: ${describeElement(path, argument)}`);
}

/** `$rename` works on two fields and has its own place. */
export type SingleFieldOperator = Exclude<UpdateOperator, '$rename'>;

export const FIELD_UPDATES: Record<
  SingleFieldOperator,
  (path: string, argument: Value) => FieldUpdate
> = {
  $set: set,
  $setOnInsert: (path, argument) => ({ ...set(path, argument), insertsOnly: true }),
  $unset: () => ({ onMissing: 'skip', edit: () => undefined }),
  $inc: increment,
  $mul: multiplyBy,
  $min: extreme(-1),
  $max: extreme(1),
  $currentDate: currentDate,
  $push: push,
  $addToSet: addToSet,
  $pop: pop,
  $pull: pull,
  $pullAll: pullAll,
  $bit: bit,
};
