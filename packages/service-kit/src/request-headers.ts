/** With `1`, an admin's request is answered with the routing trace in `extensions.routing`. */
export const ROUTING_HEADER = 'x-marquee-routing';

/**
 * How long the gateway gives a subgraph for reading, in whole milliseconds: its share of what is left
 * for the client's query. Without it the subgraph takes its own read deadline.
 */
export const READ_BUDGET_HEADER = 'x-marquee-read-budget-ms';
