import { CommandError, failedToParse } from '../../command-error.ts';
import { isListed, UPDATE_OPERATORS, type UpdateOperator } from '../../scope/scope.ts';
import { equalValues } from '../compare.ts';
import { describeDocument, describeElement } from '../describe-value.ts';
import { typeAlias } from '../type-alias.ts';
import { type Document, isDocument } from '../value.ts';
import type { ArrayFilters } from './array-filters.ts';
import { FIELD_UPDATES } from './field-operators.ts';
import type { FieldUpdate, UpdateContext } from './field-update.ts';
import { editAtPath } from './path-edit.ts';
import { applyRename, parseRename } from './rename.ts';
import {
  arrayFilterIdentifier,
  comparePaths,
  expandPath,
  parseUpdatePath,
  PathConflicts,
} from './update-paths.ts';
import type { Value } from '../value.ts';

/** One operator on one path of the update, before it meets a document. */
interface Modification {
  readonly names: readonly string[];
  readonly insertsOnly: boolean;
  apply(document: Document, names: readonly string[], context: UpdateContext): Document;
}

/** Compiles `{$set: …, $inc: …}` into a function from document to document. */
export function compileOperatorUpdate(
  source: Document,
  arrayFilters: ArrayFilters,
): (document: Document, context: UpdateContext) => Document {
  const conflicts = new PathConflicts();
  const modifications = [...source].flatMap(([operator, fields]) =>
    checkedFields(operator, fields).map(([name, path, argument]) =>
      compileModification(name, path, argument, conflicts),
    ),
  );
  checkIdentifiers(modifications, arrayFilters, source);
  return (document, context) => {
    const updated = applyAll(document, modifications, arrayFilters, context);
    checkId(document, updated, modifications);
    return updated;
  };
}

function checkedFields(operator: string, fields: Value): [UpdateOperator, string, Value][] {
  if (!isListed(UPDATE_OPERATORS, operator)) {
    throw failedToParse(
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (!isDocument(fields)) {
    throw failedToParse(
      `Modifiers operate on fields but we found type ${typeAlias(fields)} instead. For example: {$mod: {<field>: ...}} not {${describeElement(operator, fields)}}`,
    );
  }
  return [...fields].map(([path, argument]) => [operator, path, argument]);
}

function compileModification(
  operator: UpdateOperator,
  path: string,
  argument: Value,
  conflicts: PathConflicts,
): Modification {
  if (operator === '$rename') {
    const rename = parseRename(path, argument);
    conflicts.add(rename.from);
    conflicts.add(rename.to);
    return {
      names: rename.to,
      insertsOnly: false,
      apply: (document) => applyRename(document, rename),
    };
  }
  const names = parseUpdatePath(path);
  const update = FIELD_UPDATES[operator](path, argument);
  conflicts.add(names);
  return { names, insertsOnly: update.insertsOnly === true, apply: applyField(update) };
}

const applyField =
  (update: FieldUpdate): Modification['apply'] =>
  (document, names, context) =>
    editAtPath(document, names, update.onMissing, (current) =>
      update.edit(current, { path: names.join('.'), document, context }),
    );

function applyAll(
  document: Document,
  modifications: readonly Modification[],
  arrayFilters: ArrayFilters,
  context: UpdateContext,
): Document {
  const expansion = { document, arrayIndex: context.arrayIndex, arrayFilters };
  const steps = modifications
    .filter(({ insertsOnly }) => !insertsOnly || context.inserting)
    .flatMap((modification) =>
      expandPath(modification.names, expansion).map((names) => ({ modification, names })),
    )
    .sort((a, b) => comparePaths(a.names, b.names));
  for (const [index, step] of steps.entries()) refuseOverlap(steps[index - 1]?.names, step.names);
  return steps.reduce(
    (current, { modification, names }) => modification.apply(current, names, context),
    document,
  );
}

/** In sorted order a path that contains another one stands right before it. */
function refuseOverlap(before: readonly string[] | undefined, names: readonly string[]): void {
  if (before?.every((name, depth) => names[depth] === name)) {
    throw new CommandError(
      'ConflictingUpdateOperators',
      `Update created a conflict at '${before.join('.')}'`,
    );
  }
}

function checkIdentifiers(
  modifications: readonly Modification[],
  arrayFilters: ArrayFilters,
  source: Document,
): void {
  const used = new Set<string>();
  for (const { names } of modifications) {
    for (const name of names) {
      const identifier = arrayFilterIdentifier(name);
      if (identifier === undefined || identifier === '') continue;
      if (!arrayFilters.has(identifier)) {
        throw new CommandError(
          'BadValue',
          `No array filter found for identifier '${identifier}' in path '${names.join('.')}'`,
        );
      }
      used.add(identifier);
    }
  }
  for (const identifier of arrayFilters.keys()) {
    if (!used.has(identifier)) {
      throw failedToParse(
        `The array filter for identifier '${identifier}' was not used in the update ${describeDocument(source)}`,
      );
    }
  }
}

function checkId(before: Document, after: Document, modifications: readonly Modification[]): void {
  const id = before.get('_id');
  if (id === undefined) return;
  const now = after.get('_id');
  if (id === now || (now !== undefined && equalValues(id, now))) return;
  const culprit = modifications.find(({ names }) => names[0] === '_id');
  throw new CommandError(
    'ImmutableField',
    culprit
      ? `Performing an update on the path '${culprit.names.join('.')}' would modify the immutable field '_id'`
      : "Unsetting the path '_id' using $rename would modify the immutable field '_id'",
  );
}
