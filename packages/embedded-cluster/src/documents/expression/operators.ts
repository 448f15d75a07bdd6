import { Int32 } from 'bson';
import type { ExpressionName } from '../../scope/scope.ts';
import { compareValues } from '../compare.ts';
import { isTruthy } from '../value.ts';
import {
  compileAdd,
  compileDivide,
  compileMultiply,
  compileSubtract,
} from './arithmetic-operators.ts';
import { binary, unary } from './arity.ts';
import { compileRand } from './random-operator.ts';
import { compileGetField, compileSetField } from './field-operators.ts';
import type { OperatorCompiler } from './operator-compiler.ts';
import { compileArrayElemAt, compileIn, compileSize } from './array-operators.ts';
import { compileAnd, compileCond, compileIfNull, compileOr } from './conditional-operators.ts';
import { compileConcat, compileToLower, compileToUpper } from './string-operators.ts';

/** Unlike a filter, an expression compares values of all types by the total order. */
const comparison = (name: string, accepts: (difference: number) => boolean) =>
  binary(name, (a, b) => accepts(compareValues(a, b)));

export const EXPRESSION_COMPILERS: Record<ExpressionName, OperatorCompiler> = {
  $literal: (argument) => () => argument,
  $rand: compileRand,
  $add: compileAdd,
  $subtract: compileSubtract,
  $multiply: compileMultiply,
  $divide: compileDivide,
  $eq: comparison('$eq', (difference) => difference === 0),
  $ne: comparison('$ne', (difference) => difference !== 0),
  $gt: comparison('$gt', (difference) => difference > 0),
  $gte: comparison('$gte', (difference) => difference >= 0),
  $lt: comparison('$lt', (difference) => difference < 0),
  $lte: comparison('$lte', (difference) => difference <= 0),
  $cmp: binary('$cmp', (a, b) => new Int32(Math.sign(compareValues(a, b)))),
  $and: compileAnd,
  $or: compileOr,
  $not: unary('$not', (value) => !isTruthy(value)),
  $cond: compileCond,
  $ifNull: compileIfNull,
  $size: compileSize,
  $in: compileIn,
  $arrayElemAt: compileArrayElemAt,
  $concat: compileConcat,
  $toLower: compileToLower,
  $toUpper: compileToUpper,
  $getField: compileGetField,
  $setField: compileSetField,
};
