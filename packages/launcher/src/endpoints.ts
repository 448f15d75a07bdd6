import { join } from 'node:path';
import type { PlannedCluster } from './engines/cluster-set.ts';

export interface Login {
  readonly handle: string;
  readonly password: string;
  readonly role: 'USER' | 'ADMIN';
}

/** Where everything is, for scripts and tests. Holds passwords and addresses: mode 0600. */
export interface Endpoints {
  /** The full URL of the graph. */
  readonly gateway: string;
  readonly graphiql: string;
  readonly user: string;
  readonly admin: string;
  readonly nameNodes: readonly string[];
  readonly subgraphs: Readonly<Record<string, string>>;
  readonly clusters: readonly PlannedCluster[];
  readonly metadata: { readonly uri: string };
  readonly logins: readonly Login[];
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
}

export const endpointsPath = (dataDir: string): string => join(dataDir, 'endpoints.json');

/** The table that a start ends with. */
export const endpointsTable = (endpoints: Endpoints): string => {
  const rows: [string, string][] = [
    ['user client', endpoints.user],
    ['admin client', endpoints.admin],
    ['GraphiQL', endpoints.graphiql],
    ['graph', endpoints.gateway],
    ...endpoints.nameNodes.map((url): [string, string] => ['NameNode', `${url}/openapi.json`]),
    ...endpoints.logins.map(({ handle, password, role }): [string, string] => [
      role === 'ADMIN' ? 'admin login' : 'user login',
      `${handle} / ${password}`,
    ]),
  ];
  return rows.map(([what, where]) => `  ${what.padEnd(14)} ${where}`).join('\n');
};
