import { CommandError } from '../command-error.ts';
import { EXPRESSIONS, isListed } from '../scope/scope.ts';
import { describeDocument } from './describe-value.ts';
import { compileFieldPath } from './expression/field-path.ts';
import {
  type CompileExpression,
  type Expression,
  NO_VARIABLES,
  type Variables,
} from './expression/operator-compiler.ts';
import { EXPRESSION_COMPILERS } from './expression/operators.ts';
import { type Document, isDocument, type Value } from './value.ts';

export type { Expression } from './expression/operator-compiler.ts';

/**
 * Compiles an aggregation expression: a field path (`$a.b`, `$$ROOT`), an operator, a document or
 * array of expressions, or a literal. Operators outside the scope are refused.
 */
export function compileExpression(source: Value, variables: Variables = NO_VARIABLES): Expression {
  const compile: CompileExpression = (inner) => compileExpression(inner, variables);
  if (typeof source === 'string' && source.startsWith('$')) {
    return compileFieldPath(source, variables);
  }
  if (Array.isArray(source)) {
    const elements = source.map(compile);
    // A missing element of an array is null.
    return (root) => elements.map((element) => element(root) ?? null);
  }
  if (isDocument(source)) return compileDocument(source, compile);
  return () => source;
}

function compileDocument(source: Document, compile: CompileExpression): Expression {
  const [first] = source;
  if (first?.[0].startsWith('$') === true) {
    return compileOperator(source, first[0], first[1], compile);
  }
  const fields = [...source].map(([name, value]) => {
    checkFieldName(name);
    return [name, compile(value)] as const;
  });
  return (root) => {
    const document: Document = new Map();
    for (const [name, expression] of fields) {
      const value = expression(root);
      if (value !== undefined) document.set(name, value);
    }
    return document;
  };
}

function compileOperator(
  source: Document,
  name: string,
  argument: Value,
  compile: CompileExpression,
): Expression {
  if (source.size !== 1) {
    throw new CommandError(
      15983,
      `An object representing an expression must have exactly one field: ${describeDocument(source)}`,
    );
  }
  if (!isListed(EXPRESSIONS, name)) {
    throw new CommandError('InvalidPipelineOperator', `Unrecognized expression '${name}'`);
  }
  return EXPRESSION_COMPILERS[name](argument, compile);
}

function checkFieldName(name: string): void {
  if (name === '') throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
  if (name.startsWith('$')) {
    throw new CommandError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
    );
  }
  if (name.includes('.')) {
    throw new CommandError(
      16412,
      `FieldPath field names may not contain '.'. Consider using $getField or $setField.`,
    );
  }
}
