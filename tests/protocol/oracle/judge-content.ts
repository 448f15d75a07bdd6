import type { OperationHistory, SentOperation } from './operation-history.ts';
import type { SeenDocument, SlotContent } from './slot-content.ts';

export interface Judged {
  /** By `collection/id`. */
  readonly documents: ReadonlyMap<string, SeenDocument>;
  /** What was acknowledged before this was looked at. */
  readonly acknowledged: readonly SentOperation[];
  readonly history: OperationHistory;
  readonly wrong: (what: string) => void;
  /** Documents that were looked at; undefined: all of them. */
  readonly asked?: ReadonlySet<string>;
}

/** Everything acknowledged is there, once; nothing deleted is back. */
export const judgeDocuments = ({
  documents,
  acknowledged,
  history,
  wrong,
  asked,
}: Judged): void => {
  for (const { operation, result } of acknowledged) {
    const { name, kind, target } = operation;
    for (const key of result?.touched ?? []) {
      if (asked !== undefined && !asked.has(key)) continue;
      const document = documents.get(key);
      if (document === undefined) {
        const id = key.slice(key.indexOf('/') + 1);
        if (!history.mayBeDeleted(id)) wrong(`${key} of acknowledged ${kind} ${name} is missing`);
      } else if (!document.by.includes(name)) {
        wrong(`acknowledged ${kind} ${name} is missing in ${key}`);
      }
    }
    if (result?.isDeleted === true && documents.get(`movies/${target}`)?.deleted === false) {
      wrong(`deleted document ${target} is back`);
    }
  }
  for (const [key, { by }] of documents) {
    if (new Set(by).size !== by.length) wrong(`${key} was changed twice by one operation`);
  }
};

/** Counts equal reactions, and each reaction is what somebody asked for last. */
export const judgeReactions = (
  { documents, history, wrong }: Judged,
  slot: number,
  nowMs: number,
): void => {
  const likes = new Map<string, number>();
  for (const { movieId, liked } of documents.values()) {
    if (movieId !== undefined && liked === true) likes.set(movieId, (likes.get(movieId) ?? 0) + 1);
  }
  for (const [key, { likeCount }] of documents) {
    if (likeCount === undefined) continue;
    const counted = likes.get(key.slice('user_interactions/'.length)) ?? 0;
    if (counted !== likeCount) wrong(`${key} counts ${likeCount}, there are ${counted} reactions`);
  }
  for (const [id, sent] of history.reactions) {
    // With a film that is purged its reactions go too.
    const isGone = documents.get(`movies/${id.split(':')[0]}`) === undefined;
    if (sent[0]?.slot !== slot || (isGone && history.mayBeDeleted(id))) continue;
    const value = documents.get(`user_interactions/${id}`)?.liked ?? false;
    if (!isPossible(value, sent, nowMs)) {
      wrong(`${id} is ${value}, which a later acknowledged operation replaced`);
    }
  }
};

/** Some operation gave the reaction this value, and no later acknowledged one has replaced it. */
const isPossible = (value: boolean, sent: readonly SentOperation[], nowMs: number): boolean => {
  const done = sent.filter(({ acknowledgedAtMs = Infinity }) => acknowledgedAtMs <= nowMs);
  if (!value && done.length === 0) return true;
  return sent.some(
    ({ operation, acknowledgedAtMs = Infinity }) =>
      (operation.kind === 'like') === value &&
      !done.some((later) => later.invokedAtMs > acknowledgedAtMs),
  );
};

/** The log: one record for each acknowledged operation, in numbers without gaps. */
export const judgeRecords = (
  { fence, records }: SlotContent,
  acknowledged: readonly SentOperation[],
  wrong: (what: string) => void,
): void => {
  if (fence === undefined) return;
  const byOperation = new Map(
    records.map((record) => [record.operationId.split('/').at(-1), record]),
  );
  const numbers = new Set<number>();
  for (const { sequence } of records) {
    if (sequence > fence.sequence) wrong(`record ${sequence} is above sequence ${fence.sequence}`);
    numbers.add(sequence);
  }
  for (let number = fence.purgedThrough + 1; number <= fence.sequence; number += 1) {
    if (!numbers.has(number)) wrong(`record ${number} of ${fence.sequence} is missing`);
  }
  for (const { operation, result } of acknowledged) {
    const record = byOperation.get(operation.operationId);
    if (record === undefined) {
      // A purge drops records in order, from the first.
      if (fence.purgedThrough === 0)
        wrong(`the record of acknowledged ${operation.name} is missing`);
    } else if (JSON.stringify(record.result) !== JSON.stringify(result)) {
      wrong(`the record of ${operation.name} holds another result than was acknowledged`);
    }
  }
};
