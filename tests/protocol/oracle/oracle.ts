import type { Edit } from '../../../namenode-service/src/directory/edit.ts';
import type { ClusterServer } from '../cluster-double/cluster-server.ts';
import type { OperationResult } from '../workload/perform.ts';
import type { PlannedOperation } from '../workload/planned-operation.ts';
import { DirectoryTruth } from './directory-truth.ts';
import { judgeDocuments, judgeReactions, judgeRecords } from './judge-content.ts';
import { OperationHistory } from './operation-history.ts';
import { slotContent, textOf, type SeenDocument } from './slot-content.ts';

/** What was acknowledged when a read began. */
export interface ReadBegun {
  readonly atMs: number;
  readonly counts: ReadonlyMap<number, number>;
}

export interface OracleOptions {
  readonly clusters: ReadonlyMap<string, { readonly server: ClusterServer }>;
  readonly slotCount: number;
  readonly minInSync: number;
  readonly nowMs: () => number;
}

/**
 * Knows what was sent and acknowledged, and judges what the clusters hold and what readers get, by the
 * stored state alone. The first violation counts; what follows it may be its consequence.
 */
export class Oracle {
  readonly truth: DirectoryTruth;
  readonly history = new OperationHistory();
  readonly #options: OracleOptions;
  readonly #violations: string[] = [];
  readonly #dirty = new Map<string, Set<number>>();
  /** Clusters that came back from a backup, and that the directory still trusts. */
  readonly #restored = new Set<string>();

  constructor(options: OracleOptions) {
    this.#options = options;
    this.truth = new DirectoryTruth(options.slotCount);
  }

  get violation(): string | undefined {
    return this.#violations[0];
  }

  wrong(what: string): void {
    this.#violations.push(what);
  }

  invoked(operation: PlannedOperation): void {
    this.history.invoked(operation, this.#options.nowMs());
  }

  acknowledged({ name }: PlannedOperation, result: OperationResult): void {
    const first = this.history.acknowledged(name, result, this.#options.nowMs());
    if (first === undefined) {
      this.#judgeHowMany(name);
      this.#everywhere(this.history.of(name).slot);
    } else if (JSON.stringify(first) !== JSON.stringify(result)) {
      this.wrong(`${name} was answered twice, with different results`);
    }
  }

  /** An operation on a film was refused because that is deleted: the deletion must stay. */
  refusedAsDeleted({ name, target }: PlannedOperation): void {
    for (const [cluster, { documents }] of this.#promotableContents(this.history.of(name).slot)) {
      if (documents.get(`movies/${target}`)?.deleted !== false) continue;
      this.wrong(`${name} was refused for what ${cluster} does not say: ${target} is deleted`);
    }
  }

  /** An operation was refused because another one has its id: that must have been done. */
  reused({ name, operationId }: PlannedOperation): void {
    for (const [cluster, { fence, records }] of this.#promotableContents(
      this.history.of(name).slot,
    )) {
      const isKnown = records.some((record) => record.operationId.endsWith(operationId));
      if (isKnown || operationId < (fence?.refuseIdsBefore ?? '')) continue;
      this.wrong(`${name} was refused, and ${cluster} knows no other operation of its id`);
    }
  }

  /** An operation was refused as too old: a purge of its slot must have said so. */
  expired({ name, operationId }: PlannedOperation): void {
    for (const [cluster, { fence }] of this.#promotableContents(this.history.of(name).slot)) {
      if (operationId < (fence?.refuseIdsBefore ?? '')) continue;
      this.wrong(`${name} expired, and ${cluster} knows of no purge`);
    }
  }

  clusterChanged(cluster: string, slots: ReadonlySet<number>): void {
    const dirty = this.#dirty.get(cluster) ?? new Set();
    for (const slot of slots) dirty.add(slot);
    this.#dirty.set(cluster, dirty);
  }

  /** What it lacks is nobody's fault until the directory has found out. */
  restored(cluster: string): void {
    this.#restored.add(cluster);
  }

  appended(edit: Edit): void {
    this.truth.apply(edit);
    for (const cluster of this.#restored) {
      if (!this.truth.isPromotable(cluster)) this.#restored.delete(cluster);
    }
    // Who must hold what may be another one now.
    for (const slot of this.truth.slots) this.#everywhere(slot);
  }

  /** After every step: whatever has changed. */
  check(): void {
    if (this.#dirty.size === 0) return;
    const slots = new Set<number>();
    for (const [cluster, dirty] of this.#dirty) {
      for (const slot of dirty) {
        slots.add(slot);
        this.#judgeCluster(cluster, slot);
      }
    }
    this.#dirty.clear();
    for (const slot of slots) this.#judgeWhoCanAcknowledge(slot);
  }

  readBegins(): ReadBegun {
    const counts = new Map(
      this.truth.slots.map((slot) => [slot, this.history.acknowledgedOf(slot).length]),
    );
    return { atMs: this.#options.nowMs(), counts };
  }

  /** @param asked Keys (`collection/id`) of one slot that were looked for. */
  readEnds(
    { counts }: ReadBegun,
    slot: number,
    asked: ReadonlySet<string>,
    documents: readonly SeenDocument[],
    what: string,
  ): void {
    const found = new Map(documents.map((document) => [keyIn(asked, document._id), document]));
    judgeDocuments({
      documents: found,
      acknowledged: this.history.acknowledgedOf(slot).slice(0, counts.get(slot) ?? 0),
      history: this.history,
      asked,
      wrong: (reason) => this.wrong(`${what}: ${reason}`),
    });
  }

  /** A list of a whole collection over all slots. */
  listEnds({ counts }: ReadBegun, collection: string, documents: readonly SeenDocument[]): void {
    const wrong = (reason: string): void => this.wrong(`a list of ${collection}: ${reason}`);
    const found = new Map(documents.map((document) => [`${collection}/${document._id}`, document]));
    if (found.size !== documents.length) wrong('a document comes twice');
    for (const [slot, count] of counts) {
      const acknowledged = this.history.acknowledgedOf(slot).slice(0, count);
      judgeDocuments({
        documents: found,
        acknowledged,
        history: this.history,
        asked: new Set(
          acknowledged
            .flatMap(({ result }) => result?.touched ?? [])
            .filter((key) => key.startsWith(`${collection}/`)),
        ),
        wrong,
      });
    }
  }

  /** At the end: nothing differs between an owner and its followers. */
  end(): void {
    for (const slot of this.truth.slots) {
      const { owner, promotable } = this.truth.shardOf(slot);
      const expected = textOf(this.#content(owner, slot));
      for (const cluster of promotable) {
        this.#judgeCluster(cluster, slot);
        if (textOf(this.#content(cluster, slot)) !== expected) {
          this.wrong(`${cluster} differs from its owner ${owner} in slot ${slot}`);
        }
      }
    }
  }

  /** As many clusters as the shard asks for have it. */
  #judgeHowMany(name: string): void {
    const { promotable } = this.truth.shardOf(this.history.of(name).slot);
    const { minInSync } = this.#options;
    if (promotable.size >= minInSync) return;
    this.wrong(
      `${name} was acknowledged by ${promotable.size} clusters, ${minInSync} are asked for`,
    );
  }

  #everywhere(slot: number): void {
    for (const cluster of this.truth.shardOf(slot).promotable) {
      this.clusterChanged(cluster, new Set([slot]));
    }
  }

  #judgeCluster(cluster: string, slot: number): void {
    if (this.truth.nameOfShard(slot) === undefined) return;
    if (!this.truth.shardOf(slot).promotable.has(cluster)) return;
    if (this.#restored.has(cluster)) return;
    const content = this.#content(cluster, slot);
    const acknowledged = this.history.acknowledgedOf(slot);
    const wrong = (reason: string): void => this.wrong(`${cluster}, slot ${slot}: ${reason}`);
    const judged = { documents: content.documents, acknowledged, history: this.history, wrong };
    judgeDocuments(judged);
    judgeReactions(judged, slot, this.#options.nowMs());
    judgeRecords(content, acknowledged, wrong);
  }

  #judgeWhoCanAcknowledge(slot: number): void {
    const fenceAt = (cluster: string) => this.#options.clusters.get(cluster)?.server.fenceOf(slot);
    const able = [...this.#options.clusters.keys()].filter((cluster) => {
      const fence = fenceAt(cluster);
      if (fence?.state !== 'open') return false;
      return fence.pushTo.map(fenceAt).every((other) => {
        return other?.state === 'follower' && other.epoch === fence.epoch;
      });
    });
    if (able.length > 1) this.wrong(`${able.join(' and ')} can both acknowledge in slot ${slot}`);
  }

  #promotableContents(slot: number): [string, ReturnType<typeof slotContent>][] {
    const { promotable } = this.truth.shardOf(slot);
    return [...promotable]
      .filter((cluster) => !this.#restored.has(cluster))
      .map((cluster) => [cluster, this.#content(cluster, slot)]);
  }

  #content(cluster: string, slot: number): ReturnType<typeof slotContent> {
    const known = this.#options.clusters.get(cluster);
    if (known === undefined) throw new TypeError(`no cluster ${cluster}`);
    return slotContent(known.server, slot);
  }
}

const keyIn = (asked: ReadonlySet<string>, id: string): string => {
  const key = [...asked].find((each) => each.slice(each.indexOf('/') + 1) === id);
  if (key === undefined) throw new TypeError(`nobody has asked for ${id}`);
  return key;
};
