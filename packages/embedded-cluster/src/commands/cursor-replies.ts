import { Long } from 'bson';
import type { BatchSource, ClientCursor } from '../cursors/cursor-registry.ts';
import { encode } from '../documents/codec.ts';
import type { Document, Value } from '../documents/value.ts';
import { BATCH_MAX_BYTES } from '../wire/limits.ts';
import type { CommandContext } from './command.ts';
import { cursorReply, type RawReply } from './raw-reply.ts';

/** What MongoDB puts into a first batch when nobody says how many. */
export const FIRST_BATCH_DEFAULT = 101;

export interface FirstBatch {
  readonly namespace: string;
  readonly source: BatchSource;
  readonly batchSize: number | undefined;
  /** The client wants this batch and no cursor. */
  readonly single?: boolean;
  /** `noCursorTimeout`. */
  readonly neverExpires?: boolean;
  readonly extra?: Document;
}

/** The first batch, and a cursor for the rest if there may be one. */
export const firstBatchReply = async (
  context: CommandContext,
  first: FirstBatch,
): Promise<RawReply> => {
  const { cluster, session, transaction, operation } = context;
  const { namespace, source, extra } = first;
  const batch = await source
    .next(operation, {
      documentsMax: first.batchSize ?? FIRST_BATCH_DEFAULT,
      bytesMax: BATCH_MAX_BYTES,
    })
    .catch((error: unknown) => {
      source.close?.();
      throw error;
    });
  const finished = batch.exhausted || first.single === true;
  if (finished) source.close?.();
  const cursor = finished
    ? undefined
    : cluster.cursors.open({
        namespace,
        source,
        sessionKey: session?.key,
        transaction,
        neverExpires: first.neverExpires === true,
      });
  return cursorReply('firstBatch', batch.documents, restOf(cursor?.id ?? 0n, namespace, extra));
};

export const nextBatchReply = (
  cursor: ClientCursor,
  documents: readonly Uint8Array[],
  exhausted: boolean,
): RawReply =>
  cursorReply(
    'nextBatch',
    documents,
    restOf(exhausted ? 0n : cursor.id, cursor.namespace, undefined),
  );

const restOf = (id: bigint, namespace: string, extra: Document | undefined): Uint8Array =>
  encode(
    new Map<string, Value>([
      ['id', id === 0n ? Long.ZERO : Long.fromBigInt(id)],
      ['ns', namespace],
      ...(extra ?? []),
    ]),
  );

/** Documents that are all there already, such as those of listCollections. */
export const sourceOf = (documents: readonly Uint8Array[]): BatchSource => {
  let position = 0;
  return {
    next: (_operation, { documentsMax, bytesMax }) => {
      const batch: Uint8Array[] = [];
      let bytes = 0;
      for (
        ;
        position < documents.length && batch.length < documentsMax && bytes < bytesMax;
        position++
      ) {
        const document = documents[position];
        if (!document) break;
        // Never past the limit, except with one document alone.
        if (batch.length > 0 && bytes + document.length > bytesMax) break;
        batch.push(document);
        bytes += document.length;
      }
      return Promise.resolve({ documents: batch, exhausted: position >= documents.length });
    },
  };
};
