import type { Graph, GraphProblem } from '@marquee/client-kit';
import type { ComponentChildren, ComponentType } from 'preact';
import type { FormField } from './form-field.ts';
import type { FieldProblem } from './field-problems.ts';

/** How a list is narrowed; stands in the address. */
export type Filters = Readonly<Record<string, string>>;

export interface FilterBarProps {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Left out where there is no room. */
  readonly minor?: boolean;
  readonly numeric?: boolean;
}

export interface Listing<Row> {
  readonly rows: readonly Row[];
  readonly totalCount: number | null;
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
  /** Rows may be missing where there are problems. */
  readonly problems: readonly GraphProblem[];
}

/** A stored record in the form in which it is edited. */
export interface StoredRecord<Draft> {
  readonly id: string;
  readonly name: string;
  /** Undefined for what has no revisions. */
  readonly revision: number | undefined;
  readonly draft: Draft;
}

export type LoadOutcome<Draft> =
  | { readonly kind: 'loaded'; readonly record: StoredRecord<Draft> }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly problems: readonly GraphProblem[] };

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly id: string; readonly name: string }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly problems: readonly GraphProblem[] };

export type RemoveOutcome =
  | { readonly kind: 'removed' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly problems: readonly GraphProblem[] };

/** All that the table and the form need to know about one of the four collections. */
export interface Collection<Row, Draft extends object> {
  /** Its name in addresses. */
  readonly slug: string;
  readonly plural: string;
  /** One of them, with its article. */
  readonly one: { readonly noun: string; readonly article: 'a' | 'an' };
  readonly columns: readonly Column<Row>[];
  readonly FilterBar: ComponentType<FilterBarProps>;
  readonly fields: readonly FormField<Draft>[];
  readonly emptyDraft: Draft;
  /** What else happens when one is deleted. */
  readonly deleteNote: string;
  idOf(row: Row): string;
  nameOf(row: Row): string;
  list(
    graph: Graph,
    filters: Filters,
    page: { first: number; after: string | null },
    signal: AbortSignal,
  ): Promise<Listing<Row>>;
  load(graph: Graph, id: string, signal?: AbortSignal): Promise<LoadOutcome<Draft>>;
  create(graph: Graph, draft: Draft, operationId: string): Promise<SaveOutcome>;
  /** Sends only what differs from the stored record, and its revision. */
  update(
    graph: Graph,
    stored: StoredRecord<Draft>,
    draft: Draft,
    operationId: string,
  ): Promise<SaveOutcome>;
  remove(graph: Graph, row: Row, operationId: string): Promise<RemoveOutcome>;
  restore(graph: Graph, row: Row, operationId: string): Promise<SaveOutcome>;
}
