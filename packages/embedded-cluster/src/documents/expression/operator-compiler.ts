import type { Document, Value } from '../value.ts';

/** Evaluates against the document that a stage is looking at; `undefined` is a missing result. */
export type Expression = (root: Document) => Value;

/** Constants that `$$name` stands for. */
export type Variables = ReadonlyMap<string, Value>;

export const NO_VARIABLES: Variables = new Map();

export type CompileExpression = (source: Value) => Expression;

/** Compiles an operator's argument; `compile` is for the expressions inside. */
export type OperatorCompiler = (argument: Value, compile: CompileExpression) => Expression;
