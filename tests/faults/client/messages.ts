/** What a client process is told when it starts. */
export interface ClientPlan {
  /** Short and unique over the whole run: part of the names of all that it does. */
  readonly client: string;
  readonly schedule: string;
  readonly seed: number;
  readonly nameNodes: readonly string[];
  readonly serviceSecret: string;
  readonly clustersFile: string;
  readonly detectionTimeMs: number;
  readonly writersCount: number;
  readonly readersCount: number;
}

export type WorkloadKind = 'add' | 'append' | 'count' | 'set' | 'like' | 'unlike' | 'remove';

/** What an operation answered; which fields there are depends on its kind. */
export interface OperationResult extends Record<string, unknown> {
  /** Whether it changed anything: a reaction that was there already changes nothing. */
  readonly effective: boolean;
  /** `append`: its place in the list; `count`: the count with it; `set`: the value that it replaced. */
  readonly position?: number;
}

/** One operation as its client sent it. Its name is in every document that it changed. */
export interface SentOperation {
  readonly name: string;
  readonly kind: WorkloadKind;
  readonly target: string;
  /** `like` and `unlike` only. */
  readonly handle?: string;
}

export type FromClient =
  | { readonly type: 'ready' }
  | { readonly type: 'sent'; readonly operation: SentOperation }
  | {
      readonly type: 'acknowledged';
      readonly operation: SentOperation;
      readonly result: OperationResult;
    }
  /** Something that no fault explains. */
  | { readonly type: 'wrong'; readonly what: string }
  /** A read without `stale: possible` that lacked what had been acknowledged before it began. */
  | { readonly type: 'stale'; readonly what: string }
  | { readonly type: 'reads'; readonly trusted: number; readonly unsure: number }
  /** No operation is under way any more. */
  | { readonly type: 'drained' };

export type ToClient =
  /** Somebody else's acknowledgement: from now on every trusted read includes it. */
  | { readonly type: 'known'; readonly target: string; readonly position: number }
  /** Send nothing new; finish what is under way. */
  | { readonly type: 'drain' };
