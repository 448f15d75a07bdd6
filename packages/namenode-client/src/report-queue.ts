import type { Report } from './name-node-http.ts';

/** Slots in one report; the NameNode takes no more, and compares whole shards anyway. */
const BEHIND_MAX = 1_024;
/** Clusters in one report; the NameNode takes no more. */
const UNREACHABLE_MAX = 64;

/**
 * Sends reports one at a time; what comes meanwhile goes together into the next. While a shard is down
 * every read has something to tell, and that must not become as many requests.
 */
export class ReportQueue {
  readonly #send: (report: Report) => Promise<void>;
  #sending = false;
  #next: NextReport | undefined;

  /** @param send Must not reject. */
  constructor(send: (report: Report) => Promise<void>) {
    this.#send = send;
  }

  /** Resolves when the report was sent, or given up. */
  add(report: Report): Promise<void> {
    if (!this.#sending) return this.#run(report);
    if (this.#next !== undefined) {
      this.#next.report = joined(this.#next.report, report);
      return this.#next.sent;
    }
    const next = new NextReport(report);
    this.#next = next;
    next.sent = next.turn.then(() => this.#run(next.report));
    return next.sent;
  }

  async #run(report: Report): Promise<void> {
    this.#sending = true;
    await this.#send(report);
    this.#sending = false;
    const next = this.#next;
    this.#next = undefined;
    next?.begin();
  }
}

/** What waits for its turn. */
class NextReport {
  report: Report;
  readonly turn: Promise<void>;
  sent: Promise<void>;
  begin: () => void = () => undefined;

  constructor(report: Report) {
    this.report = report;
    this.turn = new Promise((resolve) => {
      this.begin = resolve;
    });
    this.sent = this.turn;
  }
}

const joined = (left: Report, right: Report): Report => ({
  unreachable: [...new Set([...(left.unreachable ?? []), ...(right.unreachable ?? [])])].slice(
    0,
    UNREACHABLE_MAX,
  ),
  behind: [
    ...new Map(
      [...(left.behind ?? []), ...(right.behind ?? [])].map((each) => [
        `${each.slot}/${each.cluster}`,
        each,
      ]),
    ).values(),
  ].slice(0, BEHIND_MAX),
});
