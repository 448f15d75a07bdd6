import { Double, Int32, Long } from 'bson';
import { CommandError } from '../command-error.ts';
import { type Document, documentOf } from '../documents/value.ts';
import { DOCUMENT_MAX_BYTES } from '../wire/limits.ts';
import { collectionArgument } from './arguments.ts';
import type { Command } from './command.ts';
import { countAll } from './count.ts';
import { helloReply } from './hello.ts';
import { withReadView } from './read-view.ts';

/** The MongoDB whose behaviour this engine follows; clients choose their commands by it. */
const VERSION = '7.0.0';
const COMPATIBILITY = '7.0';
const EMPTY: Document = new Map();

export const ping: Command = { name: 'ping', kind: 'control', fields: [], run: () => EMPTY };

export const buildInfo: Command = {
  name: 'buildInfo',
  aliases: ['buildinfo'],
  kind: 'control',
  fields: [],
  run: () =>
    documentOf({
      version: VERSION,
      gitVersion: 'marquee-embedded-cluster',
      modules: [],
      sysInfo: 'for development, demos and tests only',
      versionArray: [7, 0, 0, 0],
      openssl: {},
      bits: 64,
      debug: false,
      maxBsonObjectSize: DOCUMENT_MAX_BYTES,
      storageEngines: ['lmdb'],
    }),
};

export const connectionStatus: Command = {
  name: 'connectionStatus',
  kind: 'control',
  fields: ['showPrivileges'],
  run: () => documentOf({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
};

export const whatsmyuri: Command = {
  name: 'whatsmyuri',
  kind: 'control',
  fields: [],
  run: ({ connection }) => documentOf({ you: connection.peer }),
};

export const getParameter: Command = {
  name: 'getParameter',
  kind: 'control',
  fields: [
    'featureCompatibilityVersion',
    'authenticationMechanisms',
    'enableTestCommands',
    'transactionLifetimeLimitSeconds',
  ],
  run: ({ body, cluster }) => {
    const known = {
      featureCompatibilityVersion: { version: COMPATIBILITY },
      authenticationMechanisms: [],
      enableTestCommands: cluster.testCommands,
      transactionLifetimeLimitSeconds: 60,
    };
    if (body.get('getParameter') === '*') return documentOf(known);
    const asked = Object.entries(known).filter(([name]) => body.has(name));
    if (asked.length === 0) throw new CommandError(72, 'no option found to get');
    return documentOf(Object.fromEntries(asked));
  },
};

export const getCmdLineOpts: Command = {
  name: 'getCmdLineOpts',
  kind: 'control',
  fields: [],
  run: () => documentOf({ argv: [], parsed: {} }),
};

export const getLog: Command = {
  name: 'getLog',
  kind: 'control',
  fields: [],
  run: ({ body }) =>
    body.get('getLog') === '*'
      ? documentOf({ names: ['global', 'startupWarnings'] })
      : documentOf({
          totalLinesWritten: 1,
          log: [
            'This is no MongoDB but a small engine that speaks its protocol: for development, demos and tests only.',
          ].map((msg) =>
            JSON.stringify({
              t: { $date: new Date(0).toISOString() },
              s: 'W',
              c: 'CONTROL',
              id: 1,
              ctx: 'main',
              msg,
            }),
          ),
        }),
};

export const hostInfo: Command = {
  name: 'hostInfo',
  kind: 'control',
  fields: [],
  run: () => documentOf({ system: {}, os: {}, extra: {} }),
};

export const serverStatus: Command = {
  name: 'serverStatus',
  kind: 'control',
  fields: [
    'repl',
    'metrics',
    'locks',
    'tcmalloc',
    'wiredTiger',
    'opLatencies',
    'asserts',
    'opcounters',
  ],
  run: (context) => {
    const { cluster } = context;
    const uptimeMs = cluster.nowMs() - cluster.startedMs;
    const memory = process.memoryUsage();
    return documentOf({
      host: cluster.address,
      version: VERSION,
      process: 'embedded-cluster',
      pid: Long.fromNumber(process.pid),
      uptime: new Double(Math.floor(uptimeMs / 1000)),
      uptimeMillis: Long.fromNumber(uptimeMs),
      localTime: new Date(cluster.nowMs()),
      connections: {
        current: cluster.connections.size,
        available: 1000,
        totalCreated: cluster.connections.size,
      },
      mem: { bits: 64, resident: Math.round(memory.rss / 1024 / 1024) },
      transactions: { currentOpen: Long.fromNumber(cluster.store.transactions.size) },
      logicalSessionRecordCache: { activeSessionsCount: cluster.sessions.size },
      metrics: { cursor: { open: { total: Long.fromNumber(cluster.cursors.size) } } },
      repl: helloReply(context),
      storageEngine: { name: 'lmdb', supportsCommittedReads: true, persistent: true },
    });
  },
};

export const replSetGetStatus: Command = {
  name: 'replSetGetStatus',
  kind: 'control',
  fields: [],
  run: ({ cluster, database }) => {
    if (database !== 'admin') {
      throw new CommandError(
        'Unauthorized',
        'replSetGetStatus may only be run against the admin database.',
      );
    }
    const state = cluster.election.isPrimary ? 1 : 2;
    return documentOf({
      set: cluster.name,
      date: new Date(cluster.nowMs()),
      myState: state,
      term: Long.fromNumber(cluster.store.term),
      members: [
        {
          _id: 0,
          name: cluster.address,
          health: 1,
          state,
          stateStr: state === 1 ? 'PRIMARY' : 'SECONDARY',
          self: true,
        },
      ],
    });
  },
};

export const replSetGetConfig: Command = {
  name: 'replSetGetConfig',
  kind: 'control',
  fields: ['commitmentStatus'],
  run: ({ cluster }) =>
    documentOf({
      config: {
        _id: cluster.name,
        version: 1,
        term: Long.fromNumber(cluster.store.term),
        members: [{ _id: 0, host: cluster.address }],
      },
    }),
};

export const collStats: Command = {
  name: 'collStats',
  aliases: ['collstats'],
  kind: 'read',
  fields: ['scale'],
  run: (context) =>
    withReadView(context, async (view) => {
      const namespace = `${context.database}.${collectionArgument(context)}`;
      const collection = view.catalog.get(namespace);
      return documentOf({
        ns: namespace,
        count: new Int32(collection ? await countAll(view, collection, context.operation) : 0),
        size: 0,
        storageSize: 0,
        totalIndexSize: 0,
        nindexes: collection?.indexes.length ?? 0,
        indexSizes: {},
        capped: false,
      });
    }),
};

export const dbStats: Command = {
  name: 'dbStats',
  aliases: ['dbstats'],
  kind: 'read',
  fields: ['scale', 'freeStorage'],
  run: (context) =>
    withReadView(context, async (view) => {
      const collections = view.catalog.ofDatabase(context.database);
      let objects = 0;
      for (const collection of collections)
        objects += await countAll(view, collection, context.operation);
      return documentOf({
        db: context.database,
        collections: collections.length,
        views: 0,
        objects,
        avgObjSize: 0,
        dataSize: 0,
        storageSize: 0,
        indexes: collections.reduce((sum, { indexes }) => sum + indexes.length, 0),
        indexSize: 0,
      });
    }),
};
