import type { Cluster } from '../cluster.ts';
import type { Document } from '../documents/value.ts';
import type { Operation } from '../operation/operation.ts';
import type { RetryRecord } from '../sessions/retry-record.ts';
import type { Session } from '../sessions/session.ts';
import type { OpenTransaction } from '../storage/open-transaction.ts';
import type { Connection } from '../wire/connection.ts';
import type { ReadConcern, WriteConcern } from './concerns.ts';
import type { RawReply } from './raw-reply.ts';

/** One command on its way: what was asked, by whom, and what it runs in. */
export interface CommandContext {
  readonly cluster: Cluster;
  readonly connection: Connection;
  /** As registered, not an alias. */
  readonly name: string;
  readonly database: string;
  readonly body: Document;
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
  readonly operation: Operation;
  readonly session: Session | undefined;
  /** Of a command in a multi-document transaction. */
  readonly transaction: OpenTransaction | undefined;
  /** Of a retryable write: what earlier attempts did, and where this one notes what it does. */
  readonly retry: RetryRecord | undefined;
  readonly writeConcern: WriteConcern;
  readonly readConcern: ReadConcern;
}

export type Reply = Document | RawReply;

export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** `write` waits for the disk before it is answered; `control` works also while there is no primary. */
  readonly kind: 'read' | 'write' | 'control';
  readonly inTransaction?: boolean;
  /** Outside of transactions, besides local and available; default: none. */
  readonly readConcerns?: 'all' | 'all but snapshot';
  /** May carry a txnNumber outside of a transaction. */
  readonly retryable?: boolean;
  /** Only there when the cluster was started with test commands. */
  readonly testOnly?: boolean;
  /** Besides those that every command takes. Any other is refused, so that nothing asked for is silently ignored. */
  readonly fields: readonly string[];
  run(context: CommandContext): Promise<Reply> | Reply;
}
