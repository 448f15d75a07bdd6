import { CommandError } from '../command-error.ts';
import { isListed, PROJECTION_OPERATORS } from '../scope/scope.ts';
import { compileExpression } from './expression.ts';
import { NO_VARIABLES, type Variables } from './expression/operator-compiler.ts';
import type { Filter } from './filter.ts';
import {
  applyPositional,
  type ArraySlice,
  elemMatchProjection,
  parseSlice,
  sliceAtPath,
} from './projection/find-operators.ts';
import { type FindOnlyParts, parseProjection } from './projection/parse-projection.ts';
import { applyProjection } from './projection/projection-tree.ts';
import { type Document, isDocument, type Value } from './value.ts';

export interface Projection {
  apply(document: Document): Document;
}

/**
 * Compiles the projection of find or findAndModify. `filter` is the query's, which the positional
 * `path.$` needs. An empty specification keeps everything.
 */
export function compileProjection(
  spec: Document,
  filter?: Filter,
  variables: Variables = NO_VARIABLES,
): Projection {
  const parts = new FindParts(filter);
  const { kind, node } = parseProjection(
    spec,
    (source) => compileExpression(source, variables),
    parts,
  );
  const { slices, positionalPath } = parts;
  return {
    apply: (document) => {
      let projected = applyProjection(document, node, kind);
      if (positionalPath && filter) {
        projected = applyPositional(document, projected, positionalPath, filter);
      }
      for (const { names, slice } of slices) projected = sliceAtPath(projected, names, slice);
      return projected;
    },
  };
}

class FindParts implements FindOnlyParts {
  readonly slices: { names: string[]; slice: ArraySlice }[] = [];
  positionalPath: string[] | undefined;
  #sawElemMatch = false;
  readonly #filter: Filter | undefined;

  constructor(filter: Filter | undefined) {
    this.#filter = filter;
  }

  positional(path: string): string {
    if (this.positionalPath) {
      throw new CommandError(
        31276,
        'Cannot specify more than one positional projection per query.',
      );
    }
    if (this.#sawElemMatch) {
      throw new CommandError(31256, 'Cannot specify positional operator and $elemMatch.');
    }
    if (!this.#filter) {
      throw new CommandError(51050, 'Projections with a positional operator require a matcher');
    }
    if (!path.endsWith('.$') || path.indexOf('.$') !== path.length - 2) {
      throw new CommandError(31270, "Path cannot end with '.$.'");
    }
    const place = path.slice(0, -2);
    const [first = ''] = place.split('.');
    if (!asksAbout(this.#filter.source, first)) {
      throw new CommandError(
        31277,
        `Positional projection '${path}' does not match the query document.`,
      );
    }
    this.positionalPath = place.split('.');
    return place;
  }

  operator(name: string, argument: Value, path: string): ReturnType<FindOnlyParts['operator']> {
    if (!isListed(PROJECTION_OPERATORS, name)) return undefined;
    if (name === '$slice') {
      this.slices.push({ names: path.split('.'), slice: parseSlice(argument) });
      return { kind: 'slice' };
    }
    if (this.positionalPath) {
      throw new CommandError(31255, 'Cannot specify positional operator and $elemMatch.');
    }
    this.#sawElemMatch = true;
    return { kind: 'elemMatch', compute: elemMatchProjection(argument, path) };
  }
}

/** Does some condition of a filter concern a path that starts with `name`? */
function asksAbout(filter: Document, name: string): boolean {
  return [...filter].some(([path, value]) => {
    if (!path.startsWith('$')) return path.split('.')[0] === name;
    return (
      Array.isArray(value) && value.some((branch) => isDocument(branch) && asksAbout(branch, name))
    );
  });
}
