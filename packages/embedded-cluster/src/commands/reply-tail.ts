import { Binary, Double, Long } from 'bson';
import { encode } from '../documents/codec.ts';
import { type Document, documentOf } from '../documents/value.ts';
import type { ClusterClock } from '../storage/cluster-clock.ts';

const SIGNATURE = documentOf({ hash: new Binary(Buffer.alloc(20)), keyId: Long.ZERO });

/** The fields that end every reply: `ok`, and the cluster's time twice, as causal consistency needs it. */
export const replyTail = (clock: ClusterClock, ok: 0 | 1, extra?: Document): Uint8Array => {
  if (ok === 1 && extra === undefined) return successTail(clock);
  return encode(tailDocument(clock, ok, extra));
};

const tailDocument = (clock: ClusterClock, ok: 0 | 1, extra: Document | undefined): Document => {
  const time = clock.timestamp();
  const tail: Document = new Map(extra ?? []);
  tail.set('ok', new Double(ok));
  tail.set('$clusterTime', documentOf({ clusterTime: time, signature: SIGNATURE }));
  tail.set('operationTime', time);
  return tail;
};

let template: { bytes: Buffer; timesAt: readonly number[] } | undefined;

/** Nearly every reply ends like this, so it is encoded once and only the time is put in. */
const successTail = (clock: ClusterClock): Uint8Array => {
  template ??= makeTemplate(clock);
  const tail = Buffer.from(template.bytes);
  for (const at of template.timesAt) {
    tail.writeUInt32LE(clock.increment, at);
    tail.writeUInt32LE(clock.seconds, at + 4);
  }
  return tail;
};

const makeTemplate = (clock: ClusterClock): { bytes: Buffer; timesAt: readonly number[] } => {
  const bytes = encode(tailDocument(clock, 1, undefined)) as Buffer;
  const afterName = (name: string): number =>
    bytes.indexOf(`\x11${name}\0`, 0, 'latin1') + name.length + 2;
  return { bytes, timesAt: [afterName('clusterTime'), afterName('operationTime')] };
};
