import type {
  OperationEntry,
  OperationStep,
  OperationStore,
} from '../../src/operations/operation-entry.ts';
import type { Repair } from '../../src/operations/repair.ts';

export class MemoryOperationStore implements OperationStore {
  readonly entries = new Map<string, OperationEntry>();

  async insert(entry: OperationEntry): Promise<OperationEntry> {
    const known = [...this.entries.values()].find(
      ({ idempotencyKey }) => idempotencyKey !== null && idempotencyKey === entry.idempotencyKey,
    );
    if (known !== undefined) return known;
    this.entries.set(entry.id, entry);
    return entry;
  }

  async addStep(id: string, step: OperationStep): Promise<void> {
    const entry = this.entries.get(id);
    if (entry !== undefined) this.entries.set(id, { ...entry, steps: [...entry.steps, step] });
  }

  async addToReport(id: string, repair: Repair): Promise<void> {
    const entry = this.entries.get(id);
    if (entry === undefined) return;
    this.entries.set(id, { ...entry, report: [...(entry.report ?? []), repair] });
  }

  async update(id: string, change: Partial<OperationEntry>): Promise<void> {
    const entry = this.entries.get(id);
    if (entry !== undefined) this.entries.set(id, { ...entry, ...change });
  }

  async find(id: string): Promise<OperationEntry | undefined> {
    return this.entries.get(id);
  }

  async findByKey(key: string): Promise<OperationEntry | undefined> {
    return [...this.entries.values()].find(({ idempotencyKey }) => idempotencyKey === key);
  }

  async list(limit: number, before?: string): Promise<OperationEntry[]> {
    return [...this.entries.values()]
      .filter(({ id }) => before === undefined || id < before)
      .sort((left, right) => (left.id > right.id ? -1 : 1))
      .slice(0, limit);
  }

  async unfinished(): Promise<OperationEntry[]> {
    return (await this.list(1_000))
      .filter(({ status }) => status === 'queued' || status === 'running')
      .reverse();
  }
}
