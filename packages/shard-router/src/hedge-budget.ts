/** Bounds hedges to a share of the reads, with room for a burst. */
export class HedgeBudget {
  readonly #share: number;
  readonly #burst: number;
  #tokens: number;

  constructor({ hedgeShare, hedgeBurst }: { hedgeShare: number; hedgeBurst: number }) {
    this.#share = hedgeShare;
    this.#burst = hedgeBurst;
    this.#tokens = hedgeBurst;
  }

  /** A read begins. */
  earn(): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + this.#share);
  }

  /** Whether a hedge may be sent; if so, it is paid for. */
  spend(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
