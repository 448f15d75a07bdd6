import { CommandError } from '../../command-error.ts';
import { describeDocument, describeValue } from '../describe-value.ts';
import { compileExpression } from '../expression.ts';
import type { Variables } from '../expression/operator-compiler.ts';
import { parseFieldPath } from '../expression/field-path.ts';
import { parseProjection } from '../projection/parse-projection.ts';
import { applyProjection, ProjectionNode } from '../projection/projection-tree.ts';
import { typeAlias } from '../type-alias.ts';
import { type Document, isDocument, type Value } from '../value.ts';
import { mapping, type Stage, type StageCompiler } from './stage.ts';

export function compileProject(spec: Value, variables: Variables): Stage {
  if (!isDocument(spec)) {
    throw new CommandError(15969, '$project specification must be an object');
  }
  if (spec.size === 0) {
    throw new CommandError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  const { kind, node } = parseProjection(spec, (source) => compileExpression(source, variables));
  return mapping((document) => applyProjection(document, node, kind));
}

/** `$addFields` and `$set`. */
export const compileAddFields =
  (name: string) =>
  (spec: Value, variables: Variables): Stage => {
    if (!isDocument(spec)) {
      throw new CommandError(
        40272,
        `${name} specification stage must be an object, got ${typeAlias(spec)}`,
      );
    }
    const node = new ProjectionNode();
    addComputed(node, [], spec, variables);
    return mapping((document) => applyProjection(document, node, 'addition'));
  };

function addComputed(
  node: ProjectionNode,
  parents: readonly string[],
  spec: Document,
  variables: Variables,
): void {
  for (const [name, value] of spec) {
    const names = [...parents, ...parseFieldPath(name)];
    const isNested =
      isDocument(value) && value.size > 0 && value.keys().next().value?.startsWith('$') !== true;
    if (isNested) addComputed(node, names, value, variables);
    else node.add(names, { compute: compileExpression(value, variables) });
  }
}

export function compileUnset(spec: Value): Stage {
  if (typeof spec !== 'string' && !Array.isArray(spec)) {
    throw new CommandError(31002, '$unset specification must be a string or an array');
  }
  const paths = typeof spec === 'string' ? [spec] : spec;
  if (paths.length === 0) {
    throw new CommandError(
      31119,
      '$unset specification must be a string or an array with at least one field',
    );
  }
  const node = new ProjectionNode();
  for (const path of paths) {
    if (typeof path !== 'string') {
      throw new CommandError(
        31120,
        '$unset specification must be a string or an array containing only string values',
      );
    }
    node.add(parseFieldPath(path), 'keep');
  }
  return mapping((document) => applyProjection(document, node, 'exclusion'));
}

/** `$replaceWith`, and `$replaceRoot` with its `newRoot`. */
export const compileReplaceWith: StageCompiler = (spec, variables) => {
  const expression = compileExpression(spec, variables);
  return mapping((document) => {
    const replaced = expression(document);
    if (isDocument(replaced)) return replaced;
    throw new CommandError(
      40228,
      `'newRoot' expression  must evaluate to an object, but resulting value was: ${describeValue(replaced)}. Type of resulting value: '${typeAlias(replaced)}'. Input document: ${describeDocument(document)}`,
    );
  });
};

export const compileReplaceRoot: StageCompiler = (spec, variables) => {
  if (!isDocument(spec)) {
    throw new CommandError(
      40229,
      `expected an object as specification for $replaceRoot stage, got ${typeAlias(spec)}`,
    );
  }
  for (const option of spec.keys()) {
    if (option !== 'newRoot') {
      throw new CommandError(40415, `BSON field '$replaceRoot.${option}' is an unknown field.`);
    }
  }
  if (!spec.has('newRoot')) {
    throw new CommandError(
      40414,
      "BSON field '$replaceRoot.newRoot' is missing but a required field",
    );
  }
  return compileReplaceWith(spec.get('newRoot'), variables);
};
