import { Socket } from 'node:net';
import { startFakeGraph } from './fake-graph.ts';

describe('the outside', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
    jest.restoreAllMocks();
  });

  it('is never called, whatever of Apollo’s variables is set', async () => {
    delete process.env.APOLLO_TELEMETRY_DISABLED;
    process.env.APOLLO_KEY = 'service:marquee:key';
    process.env.APOLLO_GRAPH_REF = 'marquee@current';
    process.env.APOLLO_SCHEMA_REPORTING = 'true';
    process.env.NODE_ENV = 'development';
    const hosts = new Set<unknown>();
    const connect = Socket.prototype.connect;
    jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args) {
      // Node passes its normalised arguments as one array.
      const [first] = args as unknown[];
      const [options] = Array.isArray(first) ? (first as unknown[]) : [first];
      const { host, path } = options as { host?: string; path?: string };
      hosts.add(host ?? path ?? 'localhost');
      return connect.apply(this, args);
    });

    const graph = await startFakeGraph();
    const { body } = await graph.query(`{ movies(first: 2) { nodes { title likeCount } } }`);
    expect(body.errors).toBeUndefined();
    await fetch(`${graph.origin}/graphql`, { headers: { accept: 'text/html' } });
    // Reports that were collected would be sent now.
    await graph.close();
    expect([...hosts]).toEqual(['127.0.0.1']);
  });
});
