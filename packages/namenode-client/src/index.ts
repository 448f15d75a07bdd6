export type { ClientClock } from './client-clock.ts';
export { createNameNodeClient, type NameNodeClientOptions } from './create-name-node-client.ts';
export { READ_LEASE_SHARE } from './map-keeper.ts';
export type { CallCounts, NameNodeClient } from './name-node-client.ts';
export type { FetchLike, Report } from './name-node-http.ts';
