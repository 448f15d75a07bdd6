import { setTimeout as delay } from 'node:timers/promises';
import { Int32, type Timestamp } from 'bson';
import type { Cluster } from '../cluster.ts';
import { CommandError, ERROR_CODES } from '../command-error.ts';
import { decode, encode } from '../documents/codec.ts';
import { describeValue } from '../documents/describe-value.ts';
import {
  bsonTag,
  type Document,
  documentOf,
  isDocument,
  isNumber,
  toDouble,
} from '../documents/value.ts';
import { Operation } from '../operation/operation.ts';
import type { Connection, Request } from '../wire/connection.ts';
import type { Command, Reply } from './command.ts';
import { parseReadConcern, parseWriteConcern, type ReadConcern } from './concerns.ts';
import { assertApiVersion } from './api-version.ts';
import { ConnectionLost } from './connection-lost.ts';
import { labelsFor } from './error-labels.ts';
import type { InjectedFailure } from './fail-points.ts';
import { appendFields, RawReply } from './raw-reply.ts';
import { assertKnownFields } from './known-fields.ts';
import { findCommand } from './registry.ts';
import { replyTail } from './reply-tail.ts';
import { rememberApplication, topologyVersionOf } from './hello.ts';
import { codeNameOf } from './code-names.ts';
import { runInSession } from './run-in-session.ts';

const FAIL_POINT_MESSAGE = "Failing command via 'failCommand' failpoint";

/** From a request's bytes to a reply's; whatever goes wrong becomes an error reply. `undefined` closes the connection. */
export const dispatch = async (
  cluster: Cluster,
  request: Request,
  connection: Connection,
): Promise<Uint8Array | undefined> => {
  let body: Document = new Map();
  let command: Command | undefined;
  let failure: InjectedFailure | undefined;
  let operation: Operation | undefined;
  try {
    body = decode(request.body);
    if (request.legacyDatabase !== undefined) body.set('$db', request.legacyDatabase);
    const alias = body.keys().next().value ?? '';
    command = findCommand(alias, cluster.testCommands);
    if (!command) throw commandNotFound(alias);
    if (request.legacyDatabase !== undefined && command.name !== 'hello')
      throw legacyRefused(alias);
    if (command.name === 'hello') rememberApplication(body, connection);
    failure = cluster.failPoints.active
      ? cluster.failPoints.hitCommand({
          command: command.name,
          alias,
          applicationName: connection.applicationName,
          namespace: namespaceOf(body),
        })
      : undefined;
    if (failure) {
      if (failure.blockMs > 0) await delay(failure.blockMs);
      if (failure.closeConnection) return undefined;
      if (failure.errorCode !== undefined)
        throw new InjectedError(failure.errorCode, failure.errorLabels);
    }
    const { kind } = command;
    operation = new Operation(
      cluster.monotonicMs,
      maxTimeOf(body),
      // A write that has begun goes on: what it has done so far is done.
      () => kind === 'read' && connection.closed,
    );
    const reply = await run(cluster, command, { body, request, connection, operation });
    return finish(cluster, command, body, reply, failure);
  } catch (error) {
    if (error instanceof ConnectionLost) return undefined;
    return errorReply(cluster, error, command?.name ?? '', body);
  } finally {
    if (operation) cluster.operations.delete(operation);
  }
};

/** An error that a fail point made: its labels are exactly the given ones, where some were given. */
class InjectedError extends Error {
  readonly code: number;
  readonly labels: readonly string[] | undefined;

  constructor(code: number, labels: readonly string[] | undefined) {
    super(FAIL_POINT_MESSAGE);
    this.code = code;
    this.labels = labels;
  }
}

interface Incoming {
  readonly body: Document;
  readonly request: Request;
  readonly connection: Connection;
  readonly operation: Operation;
}

const run = async (cluster: Cluster, command: Command, incoming: Incoming): Promise<Reply> => {
  const { body, request, connection, operation } = incoming;
  assertApiVersion(command, body);
  assertKnownFields(command, body);
  const database = body.get('$db');
  if (typeof database !== 'string' || database === '') {
    throw new CommandError(40571, 'OP_MSG requests require a $db argument');
  }
  if (command.kind !== 'control') cluster.election.assertPrimary(command.kind);
  cluster.operations.add(operation);
  gossip(cluster, body);
  const writeConcern = parseWriteConcern(body);
  const readConcern = parseReadConcern(body);
  assertReadConcern(command, readConcern, body);
  assertReached(readConcern, cluster.store.clock.timestamp());
  const allOnDisk = cluster.store.commits.watch();
  const reply = await runInSession(command, {
    cluster,
    connection,
    name: command.name,
    database,
    body,
    sequences: request.sequences,
    operation,
    writeConcern,
    readConcern,
  });
  if (command.kind === 'write') {
    if (writeConcern.majority) cluster.store.confirmMajority();
    // Also where nothing was changed: what the command saw may be on its way to the disk still.
    await allOnDisk();
  } else if (readConcern.level !== 'local' && readConcern.level !== 'available') {
    // What such a read has shown must not be undone.
    cluster.store.confirmMajority();
  }
  if (command.kind !== 'control') {
    cluster.election.assertPrimary(command.kind);
    cluster.commandsDone++;
  }
  return reply;
};

const assertReadConcern = (command: Command, { level }: ReadConcern, body: Document): void => {
  if (level === 'local' || level === 'available' || body.get('autocommit') === false) return;
  if (
    command.readConcerns === 'all' ||
    (command.readConcerns === 'all but snapshot' && level !== 'snapshot')
  )
    return;
  throw new CommandError(
    'InvalidOptions',
    `Command ${command.name} does not support { readConcern: { level: "${level}", provenance: "clientSupplied" } } :: caused by :: read concern not supported`,
  );
};

/** A client can only have heard of times that this member has answered with, or was told of. */
const assertReached = (
  { afterClusterTime, atClusterTime }: ReadConcern,
  current: Timestamp,
): void => {
  for (const [name, time] of Object.entries({ afterClusterTime, atClusterTime })) {
    if (!time || time.compare(current) <= 0) continue;
    throw new CommandError(
      'InvalidOptions',
      `readConcern ${name} value must not be greater than the current clusterTime. Requested clusterTime: ${describeValue(time)}; current clusterTime: ${describeValue(current)}`,
    );
  }
};

const gossip = (cluster: Cluster, body: Document): void => {
  const gossiped = body.get('$clusterTime');
  const time = isDocument(gossiped) ? gossiped.get('clusterTime') : undefined;
  if (bsonTag(time) === 'Timestamp') cluster.store.clock.advanceTo(time as Timestamp);
};

const maxTimeOf = (body: Document): number | undefined => {
  const value = body.get('maxTimeMS');
  if (value === undefined || value === null) return undefined;
  if (!isNumber(value) || toDouble(value) < 0 || toDouble(value) > 0x7fffffff) {
    throw new CommandError(
      'BadValue',
      `${describeValue(value)} value for maxTimeMS is out of range`,
    );
  }
  return toDouble(value);
};

/** Of a command about a collection, which its first field names. */
const namespaceOf = (body: Document): string | undefined => {
  const database = body.get('$db');
  const collection = body.values().next().value;
  return typeof database === 'string' && typeof collection === 'string'
    ? `${database}.${collection}`
    : undefined;
};

const commandNotFound = (name: string): CommandError =>
  new CommandError('CommandNotFound', `no such command: '${name}'`);

const legacyRefused = (name: string): CommandError =>
  new CommandError(
    352,
    `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`,
  );

const finish = (
  cluster: Cluster,
  command: Command,
  body: Document,
  reply: Reply,
  failure: InjectedFailure | undefined,
): Uint8Array => {
  let extra: Document | undefined;
  if (command.kind === 'write') {
    const concernError = failure?.writeConcernError ?? parseWriteConcern(body).error;
    if (concernError) {
      extra = documentOf({ writeConcernError: concernError });
      const labels = failure?.errorLabels ?? labelsOfConcernError(concernError, command, body);
      if (labels.length > 0) extra.set('errorLabels', [...labels]);
    }
  }
  const bytes = reply instanceof RawReply ? reply.bytes : encode(reply);
  return appendFields(bytes, replyTail(cluster.store.clock, 1, extra));
};

const labelsOfConcernError = (
  concernError: Document,
  command: Command,
  body: Document,
): readonly string[] => {
  const code = concernError.get('code');
  if (!isNumber(code)) return [];
  return labelsFor(toDouble(code), [], {
    command: command.name,
    inTransaction: body.get('autocommit') === false,
    hasTxnNumber: body.has('txnNumber'),
  }).filter((label) => label === 'RetryableWriteError');
};

/** Errors by which drivers learn that a member is not what they take it for: they say since when. */
const STATE_CHANGES: ReadonlySet<number> = new Set([
  ERROR_CODES.ShutdownInProgress,
  ERROR_CODES.PrimarySteppedDown,
  ERROR_CODES.NotWritablePrimary,
  ERROR_CODES.InterruptedAtShutdown,
  ERROR_CODES.InterruptedDueToReplStateChange,
  13435,
  13436,
]);

const errorReply = (
  cluster: Cluster,
  error: unknown,
  command: string,
  body: Document,
): Uint8Array => {
  const known = error instanceof CommandError || error instanceof InjectedError;
  if (!known)
    cluster.logger?.error({ err: error, command }, 'a command failed for a reason of its own');
  const code = known ? error.code : 1;
  const given = known ? (error.labels ?? []) : [];
  const injected = error instanceof InjectedError && error.labels !== undefined;
  const labels = injected
    ? given
    : labelsFor(code, given, {
        command,
        inTransaction: body.get('autocommit') === false,
        hasTxnNumber: body.has('txnNumber'),
      });
  const fields: Document = new Map();
  fields.set('errmsg', error instanceof Error ? error.message : String(error));
  fields.set('code', new Int32(code));
  fields.set('codeName', codeNameOf(code));
  if (error instanceof CommandError) {
    for (const [name, value] of error.extra ?? []) fields.set(name, value);
    if (STATE_CHANGES.has(code)) fields.set('topologyVersion', topologyVersionOf(cluster));
  }
  if (labels.length > 0) fields.set('errorLabels', [...labels]);
  return replyTail(cluster.store.clock, 0, fields);
};
