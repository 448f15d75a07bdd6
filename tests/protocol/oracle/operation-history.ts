import { slotOf } from '@marquee/topology';
import type { OperationResult } from '../workload/perform.ts';
import type { PlannedOperation } from '../workload/planned-operation.ts';

/** What is known of one operation from outside: when it was sent, and what was answered. */
export interface SentOperation {
  readonly operation: PlannedOperation;
  readonly slot: number;
  readonly invokedAtMs: number;
  acknowledgedAtMs: number | undefined;
  result: OperationResult | undefined;
}

/** Everything that clients have sent and were told. */
export class OperationHistory {
  readonly #sent = new Map<string, SentOperation>();
  readonly #acknowledged = new Map<number, SentOperation[]>();
  readonly #reactions = new Map<string, SentOperation[]>();
  readonly #deletes = new Set<string>();

  /** @param nowMs When it is sent for the first time; ignored later. */
  invoked(operation: PlannedOperation, nowMs: number): void {
    if (this.#sent.has(operation.name)) return;
    const { kind, target, handle } = operation;
    const sent: SentOperation = {
      operation,
      slot: slotOf(target),
      invokedAtMs: nowMs,
      acknowledgedAtMs: undefined,
      result: undefined,
    };
    this.#sent.set(operation.name, sent);
    if (kind === 'delete') this.#deletes.add(target);
    if (kind === 'like' || kind === 'unlike') {
      const key = `${target}:${handle}`;
      this.#reactions.set(key, [...(this.#reactions.get(key) ?? []), sent]);
    }
  }

  /** Notes the first answer; a later one must be the same, and is answered with the first. */
  acknowledged(name: string, result: OperationResult, nowMs: number): OperationResult | undefined {
    const sent = this.of(name);
    if (sent.result !== undefined) return sent.result;
    sent.result = result;
    sent.acknowledgedAtMs = nowMs;
    const ofSlot = this.#acknowledged.get(sent.slot) ?? [];
    ofSlot.push(sent);
    this.#acknowledged.set(sent.slot, ofSlot);
    return undefined;
  }

  of(name: string): SentOperation {
    const sent = this.#sent.get(name);
    if (sent === undefined) throw new TypeError(`${name} was never sent`);
    return sent;
  }

  /** In the order in which they were acknowledged. */
  acknowledgedOf(slot: number): readonly SentOperation[] {
    return this.#acknowledged.get(slot) ?? [];
  }

  get acknowledgedCount(): number {
    let count = 0;
    for (const ofSlot of this.#acknowledged.values()) count += ofSlot.length;
    return count;
  }

  /** Reactions that were sent, by `film:handle`. */
  get reactions(): ReadonlyMap<string, readonly SentOperation[]> {
    return this.#reactions;
  }

  /** Whether anybody has asked to delete the document, or the film that it belongs to. */
  mayBeDeleted(id: string): boolean {
    return this.#deletes.has(id.split(':')[0] ?? '');
  }
}
