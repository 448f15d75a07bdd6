import type { Connection, GraphProblem } from '@marquee/client-kit';
import type { Listing } from './collection.ts';

export const listingOf = <Row>(
  connection: Connection<Row> | null | undefined,
  problems: readonly GraphProblem[],
): Listing<Row> => ({
  rows: connection?.nodes ?? [],
  totalCount: connection?.totalCount ?? null,
  endCursor: connection?.pageInfo.endCursor ?? null,
  hasNextPage: connection?.pageInfo.hasNextPage ?? false,
  problems,
});
