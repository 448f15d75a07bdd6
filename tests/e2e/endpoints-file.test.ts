import { isAlive } from './process-alive.ts';
import { START_TIMEOUT_MS, useRunningSystem, type Endpoints } from './running-system.ts';

const URL_OF_HTTP = /^http:\/\/127\.0\.0\.1:\d+\//;
const URI_OF_CLUSTER = /^mongodb:\/\/127\.0\.0\.1:\d+\//;

const keysOf = (value: object): string[] => Object.keys(value).sort();

/** The keys of every entry, which must be the same in all of them. */
const keysOfEach = (entries: readonly object[]): string[][] => [
  ...new Map(entries.map((entry) => [keysOf(entry).join(), keysOf(entry)])).values(),
];

describe('endpoints.json', () => {
  let endpoints: Endpoints;
  beforeAll(async () => {
    endpoints = (await useRunningSystem()).endpoints();
  }, START_TIMEOUT_MS);

  it('has exactly the shape that scripts rely on', () => {
    expect(keysOf(endpoints)).toEqual([
      'admin',
      'clusters',
      'gateway',
      'graphiql',
      'logins',
      'metadata',
      'nameNodes',
      'processes',
      'subgraphs',
      'user',
    ]);
    expect(keysOfEach(endpoints.clusters)).toEqual([['name', 'role', 'shard', 'uri']]);
    expect(keysOf(endpoints.metadata)).toEqual(['uri']);
    expect(keysOfEach(endpoints.logins)).toEqual([['handle', 'password', 'role']]);
    expect(keysOfEach(endpoints.processes)).toEqual([['name', 'pid']]);
    expect(keysOf(endpoints.subgraphs)).toEqual(['interactions', 'movies', 'person', 'users']);
  });

  it('names pages that are there', async () => {
    expect(endpoints.gateway).toMatch(/\/graphql$/);
    const { graphiql, user, admin } = endpoints;
    for (const url of [graphiql, user, admin]) {
      expect(url).toMatch(URL_OF_HTTP);
      // As a browser navigates: the clients' pages are for nobody else.
      expect((await fetch(url, { headers: { accept: 'text/html' } })).status).toBe(200);
    }
    const services = [...endpoints.nameNodes, ...Object.values(endpoints.subgraphs)];
    for (const url of services) {
      expect((await fetch(new URL('/readyz', url))).status).toBe(200);
    }
  });

  it('names two shards, each an owner and a replica, and the metadata cluster', () => {
    const roles = endpoints.clusters.map(({ shard, role }) => `${shard} ${role}`);
    expect(roles.sort()).toEqual(['a owner', 'a replica', 'b owner', 'b replica']);
    const uris = [...endpoints.clusters, endpoints.metadata].map(({ uri }) => uri);
    for (const uri of uris) expect(uri).toMatch(URI_OF_CLUSTER);
    expect(new Set(uris).size).toBe(5);
  });

  it("names eight users' logins at least, and one admin's", () => {
    const count = (role: 'USER' | 'ADMIN'): number =>
      endpoints.logins.filter((login) => login.role === role).length;
    expect(count('USER')).toBeGreaterThanOrEqual(8);
    expect(count('ADMIN')).toBeGreaterThanOrEqual(1);
    expect(count('USER') + count('ADMIN')).toBe(endpoints.logins.length);
  });

  it("names every process once, a cluster's by the cluster's name, and each is alive", () => {
    const names = endpoints.processes.map(({ name }) => name);
    expect(names.sort()).toEqual(
      [
        ...endpoints.clusters.map(({ name }) => name),
        'metadata',
        ...endpoints.nameNodes.map((_, i) => `namenode-${i + 1}`),
        ...Object.keys(endpoints.subgraphs),
        'gateway',
      ].sort(),
    );
    const dead = endpoints.processes.filter(({ pid }) => !isAlive(pid));
    expect(dead).toEqual([]);
  });
});
