import { CommandError } from '../../command-error.ts';
import { describeValue } from '../describe-value.ts';
import { typeAlias } from '../type-alias.ts';
import { type Document, isDocument, type Value } from '../value.ts';
import { isNullish } from './arity.ts';
import type { OperatorCompiler } from './operator-compiler.ts';

/** Reaches a field whose name a path could not hold: with dots, or with a dollar in front. */
export const compileGetField: OperatorCompiler = (argument, compile) => {
  const parts = isDocument(argument) && argument.has('field') ? argument : undefined;
  if (parts) checkParts('$getField', parts, ['field', 'input'], 3041701);
  const name = constantName('$getField', parts ? parts.get('field') : argument, [5654600, 5654601]);
  const input = parts?.has('input') === true ? compile(parts.get('input')) : undefined;
  return (root) => {
    const source = input ? input(root) : root;
    if (isNullish(source)) return source;
    return isDocument(source) ? source.get(name) : undefined;
  };
};

/** A copy of the input with one field set, or without it where the value is missing. */
export const compileSetField: OperatorCompiler = (argument, compile) => {
  if (!isDocument(argument)) {
    throw new CommandError(4161100, '$setField only supports an object as its argument');
  }
  checkParts('$setField', argument, ['field', 'input', 'value'], 4161101);
  const codes = [4161102, 4161103, 4161109];
  ['field', 'value', 'input'].forEach((part, index) => {
    if (!argument.has(part)) {
      throw new CommandError(codes[index] ?? 0, `$setField requires '${part}' to be specified`);
    }
  });
  const name = constantName('$setField', argument.get('field'), [4161106, 4161107]);
  const input = compile(argument.get('input'));
  const value = compile(argument.get('value'));
  return (root) => {
    const source = input(root);
    if (isNullish(source)) return null;
    if (!isDocument(source)) {
      throw new CommandError(4161105, "$setField requires 'input' to evaluate to type Object");
    }
    return withField(source, name, value(root));
  };
};

function withField(source: Document, name: string, value: Value): Document {
  const copy = new Map(source);
  if (value === undefined) copy.delete(name);
  else copy.set(name, value);
  return copy;
}

function checkParts(operator: string, argument: Document, parts: string[], code: number): void {
  for (const part of argument.keys()) {
    if (!parts.includes(part)) {
      throw new CommandError(code, `${operator} found an unknown argument: ${part}`);
    }
  }
}

/** A plain string, or `{$literal: string}` where it begins with a dollar. */
function constantName(operator: string, field: Value, codes: readonly [number, number]): string {
  const isLiteral = isDocument(field) && field.size === 1 && field.has('$literal');
  const name = isLiteral ? field.get('$literal') : field;
  if (typeof name !== 'string') {
    throw new CommandError(
      isDocument(field) && !isLiteral ? codes[0] : codes[1],
      `${operator} requires 'field' to evaluate to a constant, but got type ${typeAlias(name)}: ${describeValue(name)}`,
    );
  }
  if (!isLiteral && name.startsWith('$')) {
    throw new CommandError(codes[0], `${operator} requires 'field' to evaluate to a constant`);
  }
  return name;
}
