import type { ServerLink } from '../cluster-double/double-data-cluster.ts';

/** What a connection string of the simulation leads to. */
export interface Connection {
  readonly link: ServerLink;
  readonly newTransactionId: () => string;
}

const connections = new Map<string, Connection>();

/** Makes `uri` an address, for as long as the walk lasts. */
export const register = (uri: string, connection: Connection): void => {
  connections.set(uri, connection);
};

export const connectionTo = (uri: string): Connection => {
  const connection = connections.get(uri);
  if (connection === undefined) throw new TypeError(`no such address: ${uri}`);
  return connection;
};

export const forgetAddresses = (): void => connections.clear();
