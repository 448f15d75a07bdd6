import type { OperationResult, SentOperation } from '../client/messages.ts';

/** What the clients of a schedule sent, and what of it was acknowledged. */
export class History {
  readonly #sent = new Map<string, SentOperation>();
  readonly #acknowledged = new Map<string, OperationResult>();

  sent(operation: SentOperation): void {
    this.#sent.set(operation.name, operation);
  }

  acknowledged(operation: SentOperation, result: OperationResult): void {
    this.#sent.set(operation.name, operation);
    this.#acknowledged.set(operation.name, result);
  }

  get acknowledgedCount(): number {
    return this.#acknowledged.size;
  }

  /** With the result of each that was acknowledged; without, it may have happened or not. */
  *operations(): Generator<{ operation: SentOperation; result: OperationResult | undefined }> {
    for (const operation of this.#sent.values()) {
      yield { operation, result: this.#acknowledged.get(operation.name) };
    }
  }
}
