import { CommandError } from '../../command-error.ts';
import type { CompileExpression, Expression } from '../expression/operator-compiler.ts';
import { parseFieldPath } from '../expression/field-path.ts';
import { describeElement } from '../describe-value.ts';
import { type Document, isDocument, isNumber, isTruthy, type Value } from '../value.ts';
import { type ProjectionKind, ProjectionNode } from './projection-tree.ts';

/** What only a find's projection knows; each gets the full path and says whether it took the field. */
export interface FindOnlyParts {
  positional(path: string): string | undefined;
  operator(name: string, argument: Value, path: string): FindOnlyOperator | undefined;
}

export type FindOnlyOperator =
  /** `$slice`: the field is kept, and cut afterwards. */
  | { readonly kind: 'slice' }
  /** `$elemMatch`: the field is computed. */
  | { readonly kind: 'elemMatch'; readonly compute: Expression };

export interface ParsedProjection {
  readonly kind: Extract<ProjectionKind, 'inclusion' | 'exclusion'>;
  readonly node: ProjectionNode;
}

/** Reads a projection of find or `$project`: inclusion or exclusion, never both but for `_id`. */
export function parseProjection(
  spec: Document,
  compile: CompileExpression,
  find?: FindOnlyParts,
): ParsedProjection {
  return new ProjectionParser(compile, find).parse(spec);
}

type Kind = ParsedProjection['kind'];

class ProjectionParser {
  readonly #compile: CompileExpression;
  readonly #find: FindOnlyParts | undefined;
  readonly #entries: { names: string[]; entry: 'include' | 'exclude' | Expression | 'slice' }[] =
    [];
  #kind: Kind | undefined;
  #slices = false;
  #elemMatches = false;
  #idSpecified = false;
  /** `_id: 1` or `_id: 0` at the top says nothing about the other fields. */
  #id: 'include' | 'exclude' | undefined;

  constructor(compile: CompileExpression, find: FindOnlyParts | undefined) {
    this.#compile = compile;
    this.#find = find;
  }

  parse(spec: Document): ParsedProjection {
    for (const [name, value] of spec) {
      if (name === '_id' || name.startsWith('_id.')) this.#idSpecified = true;
      this.#element([], name, value);
    }
    const kind = this.#kind ?? this.#defaultKind();
    const node = new ProjectionNode();
    for (const { names, entry } of this.#entries) this.#addEntry(node, kind, names, entry);
    if (!this.#idSpecified && kind === 'inclusion') node.add(['_id'], 'keep');
    return { kind, node };
  }

  #defaultKind(): Kind {
    if (this.#slices) return this.#id === 'include' ? 'inclusion' : 'exclusion';
    if (this.#elemMatches) return 'inclusion';
    return this.#id === 'include' ? 'inclusion' : 'exclusion';
  }

  #addEntry(
    node: ProjectionNode,
    kind: Kind,
    names: string[],
    entry: 'include' | 'exclude' | Expression | 'slice',
  ): void {
    if (typeof entry === 'function') node.add(names, { compute: entry });
    else if (entry === 'slice') {
      if (kind === 'inclusion') node.add(names, 'keep');
    } else if ((entry === 'include') === (kind === 'inclusion')) node.add(names, 'keep');
  }

  #element(parents: readonly string[], name: string, value: Value): void {
    const path = [...parents, name].join('.');
    const positional = this.#positionalPath(path, value);
    if (positional !== undefined) {
      this.#setKind('inclusion', path);
      this.#entries.push({ names: parseFieldPath(positional), entry: 'include' });
      return;
    }
    const names = [...parents, ...parseFieldPath(name)];
    if (isDocument(value)) this.#document(names, value);
    else if (typeof value === 'boolean' || isNumber(value)) this.#flag(names, isTruthy(value));
    else this.#computed(names, value, this.#compile(value));
  }

  #positionalPath(path: string, value: Value): string | undefined {
    if (path !== '$' && !path.endsWith('.$') && !path.includes('.$.')) return undefined;
    if (!this.#find) {
      throw new CommandError(31324, 'Cannot use positional projection in aggregation projection');
    }
    if (isDocument(value)) {
      throw new CommandError(
        31271,
        'positional projection cannot be used with an expression or sub object',
      );
    }
    if (typeof value !== 'boolean' && !isNumber(value)) {
      throw new CommandError(31308, 'positional projection cannot be used with a literal');
    }
    if (!isTruthy(value)) {
      throw new CommandError(31395, 'positional projection cannot be used with exclusion');
    }
    return this.#find.positional(path);
  }

  #flag(names: string[], includes: boolean): void {
    const isId = names.length === 1 && names[0] === '_id';
    if (isId) this.#id = includes ? 'include' : 'exclude';
    else this.#setKind(includes ? 'inclusion' : 'exclusion', names.join('.'));
    this.#entries.push({ names, entry: includes ? 'include' : 'exclude' });
  }

  #setKind(kind: Kind, path: string): void {
    if (this.#kind !== undefined && this.#kind !== kind) {
      throw kind === 'inclusion'
        ? new CommandError(31253, `Cannot do inclusion on field ${path} in exclusion projection`)
        : new CommandError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
    }
    this.#kind = kind;
  }

  #computed(names: string[], value: Value, expression: Expression): void {
    if (this.#kind === 'exclusion') {
      throw new CommandError(
        31310,
        `Cannot use an expression ${describeElement(names.join('.'), value)} in an exclusion projection`,
      );
    }
    this.#kind = 'inclusion';
    this.#entries.push({ names, entry: expression });
  }

  #document(names: string[], value: Document): void {
    const [first] = value;
    if (first && value.size === 1 && first[0].startsWith('$')) {
      this.#operator(names, first[0], first[1], value);
      return;
    }
    if (!first) {
      throw new CommandError(
        51270,
        `An empty sub-projection is not a valid value. Found empty object at path`,
      );
    }
    for (const [name, inner] of value) this.#element(names, name, inner);
  }

  #operator(names: string[], name: string, argument: Value, whole: Document): void {
    const path = names.join('.');
    const own = this.#find?.operator(name, argument, path);
    if (own?.kind === 'slice') {
      this.#slices = true;
      this.#entries.push({ names, entry: 'slice' });
    } else if (own) {
      this.#elemMatches = true;
      this.#entries.push({ names, entry: own.compute });
    } else {
      if (this.#kind === 'exclusion') {
        throw new CommandError(
          31252,
          'Cannot use expression other than $meta in exclusion projection',
        );
      }
      this.#kind = 'inclusion';
      this.#entries.push({ names, entry: this.#compile(whole) });
    }
  }
}
