import type { PageRequest } from './arguments.ts';
import type { RequestScope } from './request-scope.ts';
import { MarqueeError } from '@marquee/errors';
import { responsePathAsArray, type GraphQLResolveInfo } from 'graphql';

/** One page of something, as data sources answer it. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  /** Of each node. */
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  /** Where the next page begins, if not behind the last node: what was left out comes before it. */
  readonly endCursor?: string;
  /** Shards whose nodes are missing. */
  readonly unavailable: readonly string[];
}

/** A page as the graph has it. */
export interface Connection<Node> {
  readonly nodes: readonly Node[];
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** The count over all pages. A function: GraphQL calls it only if the field is selected. */
  readonly totalCount?: () => Promise<number>;
}

export const toConnection = <Node>(
  page: Page<Node>,
  request: PageRequest,
  totalCount?: () => Promise<number>,
): Connection<Node> => ({
  nodes: page.nodes,
  edges: page.nodes.map((node, index) => ({ node, cursor: page.cursors[index] ?? '' })),
  pageInfo: {
    hasNextPage: page.hasNextPage,
    hasPreviousPage: request.after !== undefined,
    startCursor: page.cursors[0] ?? null,
    endCursor: page.endCursor ?? page.cursors.at(-1) ?? null,
  },
  ...(totalCount === undefined ? {} : { totalCount }),
});

/** Says in the response, at this field, which shards' part of the page is missing. */
export const reportUnavailable = (
  scope: RequestScope,
  info: Pick<GraphQLResolveInfo, 'path'>,
  page: Pick<Page<unknown>, 'unavailable'>,
): void => {
  for (const shard of page.unavailable) {
    scope.reportFailure(
      responsePathAsArray(info.path),
      new MarqueeError('SHARD_UNAVAILABLE', { shard }),
    );
  }
};
