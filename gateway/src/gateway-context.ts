import type { Viewer } from '@marquee/identity';
import type { ReadBudget } from './subgraphs/read-budget.ts';

/** One step of how the router found the data of an answer; see SEAMS of the subgraphs' trace. */
export interface RoutingEntry {
  readonly subgraph: string;
  readonly [fact: string]: unknown;
}

/** What belongs to one request of a client. */
export interface GatewayContext {
  readonly requestId: string;
  /** Of the client, as far as it is known. */
  readonly address: string;
  readonly viewer: Viewer | undefined;
  /** Sent with every call to a subgraph on behalf of this request. */
  readonly subgraphHeaders: Readonly<Record<string, string>>;
  /** What is left of the time that this request has for reading. */
  readonly readBudget: ReadBudget;
  /** Filled while the operation runs; undefined unless an admin asked for it. */
  readonly routing: RoutingEntry[] | undefined;
}
