import { Int32, Long } from 'bson';
import type { Cluster } from '../cluster.ts';
import { CommandError } from '../command-error.ts';
import { equalValues } from '../documents/compare.ts';
import {
  type Document,
  documentOf,
  isDocument,
  isNumber,
  isTruthy,
  toDouble,
} from '../documents/value.ts';
import {
  DOCUMENT_MAX_BYTES,
  MESSAGE_MAX_BYTES,
  WIRE_VERSION_MAX,
  WRITE_BATCH_MAX,
} from '../wire/limits.ts';
import type { Connection } from '../wire/connection.ts';
import type { Command, CommandContext } from './command.ts';
import { SESSION_TIMEOUT_MS } from '../sessions/session-registry.ts';

/** Drivers ask for ten seconds or so; a timer must not be for ever. */
const AWAIT_MAX_MS = 60_000;

export const hello: Command = {
  name: 'hello',
  aliases: ['isMaster', 'ismaster'],
  kind: 'control',
  fields: [
    'helloOk',
    'client',
    'compression',
    'hostInfo',
    'saslSupportedMechs',
    'speculativeAuthenticate',
    'loadBalanced',
    'topologyVersion',
    'maxAwaitTimeMS',
    'internalClient',
    'backpressure',
  ],
  run: async (context) => {
    const known = knownChanges(context);
    if (known !== undefined) {
      const { cluster, connection, body } = context;
      const awaitMs = maxAwaitOf(body);
      connection.beginAwait();
      await cluster.election.changedFrom(known, connection, awaitMs);
      connection.endAwait(cluster.election.changes);
    }
    return helloReply(context);
  },
};

/**
 * The state that the client knows of this process, if it wants to be answered only when that changes:
 * drivers watch a member by such hellos, and learn of its end by that of the connection.
 */
const knownChanges = ({ body, cluster, connection }: CommandContext): number | undefined => {
  const version = body.get('topologyVersion');
  if (body.has('topologyVersion') !== body.has('maxAwaitTimeMS')) {
    throw new CommandError(
      31368,
      'a request with topologyVersion must include maxAwaitTimeMS, and the other way round',
    );
  }
  if (version === undefined) return undefined;
  if (!isDocument(version)) throw new CommandError('TypeMismatch', 'topologyVersion is no object');
  // A further answer to the same request: what it says is old by now.
  if (connection.awaitedChanges !== undefined) return connection.awaitedChanges;
  const counter = version.get('counter');
  const isOurs = equalValues(version.get('processId'), cluster.processId);
  if (!isNumber(counter)) throw new CommandError('TypeMismatch', 'topologyVersion has no counter');
  // Not ours: it has missed everything.
  if (!isOurs) return -1;
  if (toDouble(counter) > cluster.election.changes) {
    throw new CommandError(31382, 'the topologyVersion has a greater counter than this server');
  }
  return toDouble(counter);
};

const maxAwaitOf = (body: Document): number => {
  const value = body.get('maxAwaitTimeMS');
  if (!isNumber(value) || !(toDouble(value) >= 0)) {
    throw new CommandError(31373, 'maxAwaitTimeMS must be a number from 0 up');
  }
  return Math.min(toDouble(value), AWAIT_MAX_MS);
};

export const helloReply = (context: CommandContext) => {
  const { cluster, connection } = context;
  const { address, store } = cluster;
  const { isPrimary } = cluster.election;
  const opTime = { ts: store.clock.timestamp(), t: Long.fromNumber(store.term) };
  const now = new Date(cluster.nowMs());
  return documentOf({
    helloOk: true,
    ...(isTruthy(context.body.get('hello'))
      ? { isWritablePrimary: isPrimary }
      : { ismaster: isPrimary }),
    secondary: !isPrimary,
    hosts: [address],
    setName: cluster.name,
    setVersion: 1,
    me: address,
    ...(isPrimary ? { primary: address, electionId: cluster.electionId } : {}),
    lastWrite: { opTime, lastWriteDate: now, majorityOpTime: opTime, majorityWriteDate: now },
    maxBsonObjectSize: DOCUMENT_MAX_BYTES,
    maxMessageSizeBytes: MESSAGE_MAX_BYTES,
    maxWriteBatchSize: WRITE_BATCH_MAX,
    localTime: now,
    logicalSessionTimeoutMinutes: SESSION_TIMEOUT_MS / 60_000,
    connectionId: new Int32(connection.id),
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION_MAX,
    readOnly: false,
    topologyVersion: topologyVersionOf(cluster),
  });
};

/** Which process this is, and how often its role has changed: by it drivers tell old news from new. */
export const topologyVersionOf = ({ processId, election }: Cluster) =>
  documentOf({ processId, counter: Long.fromNumber(election.changes) });

/** What a client calls itself in its handshake; asked before anything else is done with that. */
export const rememberApplication = (body: Document, connection: Connection): void => {
  const client = body.get('client');
  const application = isDocument(client) ? client.get('application') : undefined;
  const name = isDocument(application) ? application.get('name') : undefined;
  if (typeof name === 'string') connection.applicationName = name;
};
