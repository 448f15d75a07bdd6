import { Int32, Long } from 'bson';
import { documentOf, isDocument, isTruthy } from '../documents/value.ts';
import {
  DOCUMENT_MAX_BYTES,
  MESSAGE_MAX_BYTES,
  WIRE_VERSION_MAX,
  WRITE_BATCH_MAX,
} from '../wire/limits.ts';
import type { Command, CommandContext } from './command.ts';
import { SESSION_TIMEOUT_MS } from '../sessions/session-registry.ts';

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
  run: (context) => {
    rememberApplication(context);
    return helloReply(context);
  },
};

/** No topologyVersion: with one, drivers would ask for hellos that are held back until something changes. */
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
  });
};

const rememberApplication = ({ body, connection }: CommandContext): void => {
  const client = body.get('client');
  const application = isDocument(client) ? client.get('application') : undefined;
  const name = isDocument(application) ? application.get('name') : undefined;
  if (typeof name === 'string') connection.applicationName = name;
};
