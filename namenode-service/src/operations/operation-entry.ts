import type { EntryPlan } from './maintenance-plan.ts';
import type { Repair } from './repair.ts';
import type { OrderRequest } from './order-request.ts';

export type OperationStatus =
  | 'queued'
  | 'running'
  | 'completed'
  /** Nothing of it remains: it failed, was cancelled, or its leader died before the decision. */
  | 'undone';

/** What people are told of an operation; the directory and the fences decide, never this. */
export interface OperationEntry {
  readonly id: string;
  readonly plan: EntryPlan;
  /** What a person had asked for; null: the leader's own. */
  readonly request: OrderRequest | null;
  readonly status: OperationStatus;
  readonly by: string;
  readonly why: string;
  readonly orderedAtMs: number;
  readonly endedAtMs: number | null;
  /** Why it was undone, or what is still in trouble after it was completed. */
  readonly outcome: string | null;
  readonly steps: readonly OperationStep[];
  /** Of a repair: every finding, and what was done about it; the first ones. */
  readonly report?: readonly Repair[];
  /** Of whoever ordered it, so that an order sent twice is carried out once. */
  readonly idempotencyKey: string | null;
  readonly cancelRequested: boolean;
}

export interface OperationStep {
  readonly atMs: number;
  readonly what: string;
  readonly progress?: { readonly done: number; readonly total: number };
}

/** Where entries are kept. Every method rejects with METADATA_UNAVAILABLE. */
export interface OperationStore {
  /** Keeps a new entry, or answers the one that has its idempotency key already. */
  insert(entry: OperationEntry): Promise<OperationEntry>;
  addStep(id: string, step: OperationStep): Promise<void>;
  addToReport(id: string, repair: Repair): Promise<void>;
  update(
    id: string,
    change: Partial<Pick<OperationEntry, 'status' | 'endedAtMs' | 'outcome' | 'cancelRequested'>>,
  ): Promise<void>;
  find(id: string): Promise<OperationEntry | undefined>;
  findByKey(idempotencyKey: string): Promise<OperationEntry | undefined>;
  /** Newest first, older than `before` where that is given. */
  list(limit: number, before?: string): Promise<OperationEntry[]>;
  /** Queued and running ones, oldest first. */
  unfinished(): Promise<OperationEntry[]>;
}

/** Steps kept of one entry; the last ones are the interesting ones. */
export const STEPS_MAX = 200;

/** Repairs kept of one entry; a repair that has more to do is best ordered again. */
export const REPORT_MAX = 5_000;
