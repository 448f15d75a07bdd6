import { hasCode } from '@marquee/errors';
import type { CollectionName } from '@marquee/topology';
import { invalidCursor, type PageRequest } from './arguments.ts';
import type { Page } from './connection.ts';
import type { RequestScope } from './request-scope.ts';
import type { DocumentFilter, ListQuery, StoredDocument } from './data-layer.ts';

/** One query of a list that is made of several, each with an order of its own. */
export interface ListStage {
  readonly filter: DocumentFilter;
  /** What cursors are bound to where the filter changes while the list stays the same. */
  readonly filterMeaning?: DocumentFilter;
  readonly sort: ListQuery['sort'];
  /** Run only if the stages before found fewer than this, all pages together. */
  readonly onlyIfFewerThan?: number;
}

/** Stages whose filters exclude each other: the list is their results, one stage after the other. */
export interface StagedList {
  readonly collection: CollectionName;
  /** Binds cursors to this list. */
  readonly name: string;
  readonly stages: readonly ListStage[];
  readonly projection?: ListQuery['projection'];
}

interface Position {
  readonly stage: number;
  /** Nodes before it, all stages together. */
  readonly seen: number;
  /** The router's cursor within the stage; absent at its beginning. */
  readonly cursor?: string;
}

const CURSOR = /^(\d)\.(\d{1,9})\.(.+)$/s;

const formatCursor = (stage: number, seen: number, cursor: string): string =>
  Buffer.from(`${stage}.${seen}.${cursor}`, 'utf8').toString('base64url');

const parseCursor = (after: string | undefined, stageCount: number): Position => {
  if (after === undefined) return { stage: 0, seen: 0 };
  const text = Buffer.from(after, 'base64url').toString('utf8');
  const [, stage, seen, cursor] = CURSOR.exec(text) ?? [];
  if (cursor === undefined || Number(stage) >= stageCount) throw invalidCursor();
  return { stage: Number(stage), seen: Number(seen), cursor };
};

/**
 * One page of a staged list. A shard that cannot be asked is named in `unavailable`, and its nodes
 * are missing. @throws INVALID_CURSOR
 */
export const listStages = async (
  scope: RequestScope,
  list: StagedList,
  request: PageRequest,
): Promise<Page<StoredDocument>> => {
  let position = parseCursor(request.after, list.stages.length);
  const nodes: StoredDocument[] = [];
  const cursors: string[] = [];
  const unavailable = new Set<string>();
  let hasNextPage = false;

  for (const [index, stage] of list.stages.entries()) {
    if (index < position.stage) continue;
    const { seen, cursor } = position;
    if (cursor === undefined && seen >= (stage.onlyIfFewerThan ?? Infinity)) break;
    const missing = request.first - nodes.length;
    const query = {
      ...scope.readOptions,
      ...(list.projection === undefined ? {} : { projection: list.projection }),
      filter: stage.filter,
      ...(stage.filterMeaning === undefined ? {} : { filterMeaning: stage.filterMeaning }),
      sort: stage.sort,
      queryName: `${list.name}/${index}`,
      // A page that the stages before have filled only needs to know whether there is more.
      first: Math.max(1, missing),
      ...(cursor === undefined ? {} : { after: cursor }),
    };
    const page = await scope.router.list(list.collection, query).catch((error: unknown) => {
      throw hasCode(error, 'INVALID_CURSOR') ? invalidCursor() : error;
    });
    for (const { shard } of page.unavailable) unavailable.add(shard);
    if (missing > 0) {
      nodes.push(...page.nodes);
      cursors.push(...page.cursors.map((c, i) => formatCursor(index, seen + i + 1, c)));
      hasNextPage = page.hasNextPage;
    } else {
      hasNextPage = page.nodes.length > 0;
    }
    if (hasNextPage) break;
    position = { stage: index + 1, seen: seen + page.nodes.length };
  }
  return { nodes, cursors, hasNextPage, unavailable: [...unavailable] };
};

/** How many nodes the list has on all pages together. @throws SHARD_UNAVAILABLE: no guess instead. */
export const countStages = async (scope: RequestScope, list: StagedList): Promise<number> => {
  let total = 0;
  for (const stage of list.stages) {
    if (total >= (stage.onlyIfFewerThan ?? Infinity)) break;
    total += await scope.router.count(list.collection, stage.filter, scope.readOptions);
  }
  return total;
};
