import { CommandError } from '../../command-error.ts';
import type { Expression } from '../expression.ts';
import { type Document, isDocument, type Value } from '../value.ts';

/** `keep` includes or excludes the field, after the projection's kind; an expression computes it. */
export type ProjectionLeaf = 'keep' | { readonly compute: Expression };

/** What a projection says of the fields of one document. */
export class ProjectionNode {
  readonly fields = new Map<string, ProjectionLeaf | ProjectionNode>();
  computes = false;

  /** Throws 31249 or 31250 where two parts of the projection meet. */
  add(names: readonly string[], leaf: ProjectionLeaf, fullPath = names.join('.')): void {
    const [name = '', ...rest] = names;
    if (leaf !== 'keep') this.computes = true;
    const present = this.fields.get(name);
    if (rest.length === 0) {
      if (present) throw new CommandError(31250, `Path collision at ${fullPath}`);
      this.fields.set(name, leaf);
      return;
    }
    if (present && !(present instanceof ProjectionNode)) {
      throw new CommandError(
        31249,
        `Path collision at ${fullPath} remaining portion ${rest.join('.')}`,
      );
    }
    const child = present ?? new ProjectionNode();
    this.fields.set(name, child);
    child.add(rest, leaf, fullPath);
  }
}

export type ProjectionKind = 'inclusion' | 'exclusion' | 'addition';

/**
 * Applies a projection to a document: fields keep their order, computed ones that are new follow in
 * the projection's order. `addition` keeps every field ($addFields).
 */
export function applyProjection(
  document: Document,
  node: ProjectionNode,
  kind: ProjectionKind,
): Document {
  const kept = keepFields(document, node, kind);
  const computed = node.computes ? computeFields(kept, node, document, kind) : kept;
  return kind === 'inclusion' ? withoutHoles(computed) : computed;
}

function keepFields(document: Document, node: ProjectionNode, kind: ProjectionKind): Document {
  if (kind === 'addition') return document;
  const kept: Document = new Map();
  for (const [name, value] of document) {
    const field = node.fields.get(name);
    if (field instanceof ProjectionNode) {
      const inner = keepInValue(value, field, kind);
      if (inner !== undefined) kept.set(name, inner);
    } else if ((field === 'keep') === (kind === 'inclusion')) {
      kept.set(name, value);
    }
  }
  return kept;
}

function keepInValue(value: Value, node: ProjectionNode, kind: ProjectionKind): Value {
  if (isDocument(value)) return keepFields(value, node, kind);
  // A hole where an element is left out: a computed field may yet fill it.
  if (Array.isArray(value)) return value.map((element) => keepInValue(element, node, kind));
  return kind === 'inclusion' ? undefined : value;
}

function computeFields(
  document: Document,
  node: ProjectionNode,
  root: Document,
  kind: ProjectionKind,
): Document {
  const computed = new Map(document);
  for (const [name, field] of node.fields) {
    if (field === 'keep') continue;
    const value =
      field instanceof ProjectionNode
        ? computeInValue(computed.get(name), field, root, kind)
        : field.compute(root);
    if (value === undefined) computed.delete(name);
    else computed.set(name, value);
  }
  return computed;
}

function computeInValue(
  value: Value,
  node: ProjectionNode,
  root: Document,
  kind: ProjectionKind,
): Value {
  if (isDocument(value)) return computeFields(value, node, root, kind);
  if (Array.isArray(value)) {
    return value.map((element) => computeInValue(element, node, root, kind));
  }
  // A scalar gives way to a document of the computed fields.
  if (node.computes) return computeFields(new Map(), node, root, kind);
  return kind === 'inclusion' ? undefined : value;
}

function withoutHoles(document: Document): Document {
  for (const [name, value] of document) {
    const closed = closeHoles(value);
    if (closed !== value) document.set(name, closed);
  }
  return document;
}

function closeHoles(value: Value): Value {
  if (isDocument(value)) {
    const closed = [...value].map(([name, inner]) => [name, closeHoles(inner)] as const);
    return closed.every(([name, inner]) => value.get(name) === inner) ? value : new Map(closed);
  }
  if (!Array.isArray(value)) return value;
  const closed = value.map(closeHoles).filter((element) => element !== undefined);
  const isSame =
    closed.length === value.length && closed.every((element, index) => element === value[index]);
  return isSame ? value : closed;
}
