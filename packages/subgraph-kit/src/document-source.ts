import DataLoader from 'dataloader';
import { MarqueeError } from '@marquee/errors';
import type { CollectionName } from '@marquee/topology';
import type { FieldProblem } from './input-validation.ts';
import type { Operation } from './operation.ts';
import type { RequestScope } from './request-scope.ts';
import type { NewDocument, SlotTransaction, StoredDocument } from './data-layer.ts';

/** A document of a collection with this content. */
export type Stored<Content> = Content & Pick<StoredDocument, '_id' | 'revision' | 'deleted'>;

/** What became of a mutation of one document; everything expected is a value, not an error. */
export type WriteOutcome<Content> =
  | { readonly outcome: 'saved'; readonly document: Stored<Content> }
  | { readonly outcome: 'invalid'; readonly problems: readonly FieldProblem[] }
  | { readonly outcome: 'conflict'; readonly current: Stored<Content> }
  | { readonly outcome: 'not-found' };

/** What a change makes of a document: its new content, or why not. */
export type ChangeResult<Content> =
  { readonly content: Content } | { readonly problems: readonly FieldProblem[] };

/** Changes beside the document's own, in the same slot and the same operation. */
export type Alongside = (slot: SlotTransaction) => Promise<void>;

// What the operation's record keeps: no content, the document has that.
interface RecordedResult extends Record<string, unknown> {
  readonly outcome: WriteOutcome<unknown>['outcome'];
  readonly revision?: number;
  readonly problems?: readonly FieldProblem[];
}

// One run of an operation, with the document that its result speaks of.
interface Attempt<Content> {
  readonly result: RecordedResult;
  readonly document?: Stored<Content>;
}

/**
 * The documents of one collection for one request: read by id in batches, each once; written by
 * single operations on their slot. For collections whose ids are their slot keys.
 */
export class DocumentSource<Content extends object> {
  readonly #scope: RequestScope;
  readonly #collection: CollectionName;
  readonly #loader: DataLoader<string, Stored<Content> | null>;

  constructor(scope: RequestScope, collection: CollectionName) {
    this.#scope = scope;
    this.#collection = collection;
    this.#loader = new DataLoader<string, Stored<Content> | null>(async (ids) => {
      const found = await scope.router.findByIds(collection, ids, scope.readOptions);
      return found as (Stored<Content> | null | MarqueeError)[];
    });
  }

  /** The document, or null if there is none or it is deleted. @throws SHARD_UNAVAILABLE */
  findById(id: string): Promise<Stored<Content> | null> {
    return this.#loader.load(id);
  }

  /** In the order of the ids; a failure stands in for each document that could not be read. */
  findByIds(ids: readonly string[]): Promise<(Stored<Content> | null | Error)[]> {
    return this.#loader.loadMany(ids);
  }

  /** Takes whole documents that a list has fetched: nobody needs to read them again. */
  remember(documents: readonly StoredDocument[]): Stored<Content>[] {
    const known = documents as readonly unknown[] as Stored<Content>[];
    for (const document of known) this.#loader.prime(document._id, document);
    return known;
  }

  /**
   * A new document. `taken` is what is wrong if there is, or was, one with this id; `problems` is what
   * was wrong with the content when others were asked, who may say something else at the next attempt:
   * a repeated operation answers what it did the first time all the same.
   */
  create(
    operation: Operation,
    id: string,
    content: Content,
    taken: FieldProblem,
    problems: readonly FieldProblem[] = [],
  ): Promise<WriteOutcome<Content>> {
    return this.#write(operation, id, async (slot, current) => {
      if (problems.length > 0) return { result: { outcome: 'invalid', problems } };
      if (current !== null) return { result: { outcome: 'invalid', problems: [taken] } };
      return this.#put(slot, { ...content, _id: id, revision: 1, deleted: false });
    });
  }

  /** The document with a content that is made from the one it has at that moment. */
  change(
    operation: Operation,
    id: string,
    expectedRevision: number | null | undefined,
    change: (current: Stored<Content>) => ChangeResult<Content>,
  ): Promise<WriteOutcome<Content>> {
    return this.#write(operation, id, async (slot, current) => {
      if (current === null || current.deleted) return { result: { outcome: 'not-found' } };
      if (isOutdated(current, expectedRevision)) return conflict(current);
      const changed = change(current);
      if ('problems' in changed) {
        return { result: { outcome: 'invalid', problems: changed.problems } };
      }
      const revision = current.revision + 1;
      return this.#put(slot, { ...changed.content, _id: id, revision, deleted: false });
    });
  }

  /**
   * Leaves a tombstone with the content that `leave` makes of the document's, all of it by default: what
   * it holds, `restore` brings back. With `evenIfDeleted` also of what is a tombstone already.
   */
  async remove(
    operation: Operation,
    id: string,
    expectedRevision: number | null | undefined,
    {
      alongside,
      leave = (current) => current,
      evenIfDeleted = false,
    }: {
      readonly alongside?: Alongside;
      readonly leave?: (current: Stored<Content>) => Content;
      readonly evenIfDeleted?: boolean;
    } = {},
  ): Promise<Exclude<WriteOutcome<Content>, { outcome: 'invalid' }>> {
    const outcome = await this.#write(operation, id, async (slot, current) => {
      if (current === null || (current.deleted && !evenIfDeleted)) {
        return { result: { outcome: 'not-found' } };
      }
      if (isOutdated(current, expectedRevision)) return conflict(current);
      await alongside?.(slot);
      const revision = current.revision + 1;
      return this.#put(slot, { ...leave(current), _id: id, revision, deleted: true });
    });
    if (outcome.outcome === 'invalid') throw new MarqueeError('INTERNAL');
    return outcome;
  }

  /** Brings a deleted document back, unless it `isErased`; one that is there stays as it is. */
  restore(
    operation: Operation,
    id: string,
    {
      alongside,
      isErased = () => false,
    }: {
      readonly alongside?: Alongside;
      readonly isErased?: (tombstone: Stored<Content>) => boolean;
    } = {},
  ): Promise<WriteOutcome<Content>> {
    return this.#write(operation, id, async (slot, current) => {
      if (current === null) return { result: { outcome: 'not-found' } };
      if (!current.deleted) return saved(current);
      if (isErased(current)) return { result: { outcome: 'not-found' } };
      await alongside?.(slot);
      return this.#put(slot, { ...current, revision: current.revision + 1, deleted: false });
    });
  }

  #put(slot: SlotTransaction, document: Stored<Content>): Attempt<Content> {
    slot.put(this.#collection, withoutProtocolFields(document));
    return saved(document);
  }

  async #write(
    operation: Operation,
    id: string,
    attempt: (slot: SlotTransaction, current: Stored<Content> | null) => Promise<Attempt<Content>>,
  ): Promise<WriteOutcome<Content>> {
    const attempts: Attempt<Content>[] = [];
    const result = await this.#scope.router.write<RecordedResult>({
      slotKey: id,
      ...operation,
      prefetch: [{ collection: this.#collection, id }],
      apply: async (slot) => {
        const current = await slot.find(this.#collection, id);
        const made = await attempt(slot, current as Stored<Content> | null);
        attempts.push(made);
        return made.result;
      },
    });
    this.#scope.restartReadClock();
    this.#loader.clear(id);
    return this.#outcomeOf(id, result, attempts.at(-1));
  }

  // A repeated operation answers what it did the first time, and the document as it is now: it was
  // perhaps never applied here. The one of our own last run is it, if the revision is the recorded one.
  async #outcomeOf(
    id: string,
    { outcome, revision, problems }: RecordedResult,
    last: Attempt<Content> | undefined,
  ): Promise<WriteOutcome<Content>> {
    if (outcome === 'not-found') return { outcome };
    if (outcome === 'invalid') return { outcome, problems: problems ?? [] };
    const document =
      last?.document?.revision === revision ? last?.document : await this.#readAnyway(id);
    if (document === undefined) return { outcome: 'not-found' };
    if (!document.deleted) this.#loader.prime(id, document);
    return outcome === 'saved' ? { outcome, document } : { outcome, current: document };
  }

  async #readAnyway(id: string): Promise<Stored<Content> | undefined> {
    const options = { ...this.#scope.readOptions, includeDeleted: true };
    const [found] = await this.#scope.router.findByIds(this.#collection, [id], options);
    if (found instanceof Error) throw found;
    return (found ?? undefined) as Stored<Content> | undefined;
  }
}

const saved = <Content>(document: Stored<Content>): Attempt<Content> => ({
  result: { outcome: 'saved', revision: document.revision },
  document,
});

const conflict = <Content>(current: Stored<Content>): Attempt<Content> => ({
  result: { outcome: 'conflict', revision: current.revision },
  document: current,
});

const isOutdated = (
  current: { readonly revision: number },
  expectedRevision: number | null | undefined,
): boolean =>
  expectedRevision !== null &&
  expectedRevision !== undefined &&
  expectedRevision !== current.revision;

/** A stored document as it may be put again: the protocol writes the rest itself. */
export const withoutProtocolFields = (document: object): NewDocument => {
  const { slot: _slot, version: _version, ...content } = document as StoredDocument;
  return content;
};
