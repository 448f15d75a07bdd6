import type { MarqueeError } from '@marquee/errors';
import type { TokenViewer } from '@marquee/identity';
import type { Logger } from '@marquee/service-kit';
import type { ReadDeadline, ReadOptions, RoutingEntry, ShardRouter } from './data-layer.ts';

/** Entries of one response's routing trace: enough for any page, little enough for a header's worth of log. */
export const ROUTING_ENTRIES_MAX = 1_000;

/** A failure that is reported beside the data that it left: its path in the response, and why. */
export interface PartialFailure {
  readonly path: readonly (string | number)[];
  readonly error: MarqueeError;
}

/** What a request needs of the process that serves it. */
export interface RequestScopeOptions {
  readonly viewer: TokenViewer | undefined;
  readonly router: ShardRouter;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
  /** A deadline that begins now; every read of the request until the next write shares one. */
  readonly newReadDeadline: () => ReadDeadline | undefined;
  readonly traceRouting: boolean;
  readonly logger: Logger;
}

/** One request: who asks, until when it is worth answering, and what happened on the way. */
export class RequestScope {
  readonly viewer: TokenViewer | undefined;
  readonly router: ShardRouter;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly failures: PartialFailure[] = [];
  readonly routing: RoutingEntry[] = [];
  readonly traceRouting: boolean;
  readonly logger: Logger;
  readonly #newReadDeadline: () => ReadDeadline | undefined;
  #readDeadline: ReadDeadline | undefined;

  constructor(options: RequestScopeOptions) {
    this.viewer = options.viewer;
    this.router = options.router;
    this.now = options.now;
    this.randomBytes = options.randomBytes;
    this.traceRouting = options.traceRouting;
    this.logger = options.logger;
    this.#newReadDeadline = options.newReadDeadline;
    this.restartReadClock();
  }

  /** To be passed on with every read: the request's deadline and its trace. */
  get readOptions(): ReadOptions {
    return {
      ...(this.#readDeadline === undefined ? {} : { deadline: this.#readDeadline }),
      ...(this.traceRouting
        ? {
            trace: {
              record: (entry: RoutingEntry) => {
                if (this.routing.length < ROUTING_ENTRIES_MAX) this.routing.push(entry);
              },
            },
          }
        : {}),
    };
  }

  /** After a write, which may take longer than any read: what follows has its time from here. */
  restartReadClock(): void {
    this.#readDeadline = this.#newReadDeadline();
  }

  /** Adds a failure to the response; the data beside it stays. */
  reportFailure(path: readonly (string | number)[], error: MarqueeError): void {
    this.failures.push({ path, error });
  }
}
