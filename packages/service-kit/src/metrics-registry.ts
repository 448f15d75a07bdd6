import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** A value with its labels. */
export type Sample = readonly [value: number, labels?: Readonly<Record<string, string>>];

export interface GaugeOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** What it is now; asked at each look, and what it does not name any more is gone. */
  readonly read: () => readonly Sample[];
}

/** What a service shows under `/metrics`, beside the process's own numbers. */
export class MetricsRegistry {
  readonly #registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  gauge({ name, help, labelNames = [], read }: GaugeOptions): void {
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [value, labels = {}] of read()) this.set({ ...labels }, value);
      },
    });
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
