import { codeOf } from '@marquee/errors';
import type { ShardRouter } from '@marquee/shard-router';
import type { Oracle } from '../oracle/oracle.ts';
import { toSlotOperation, type OperationResult } from '../workload/perform.ts';
import type { PlannedOperation, PlannedRequest, Workload } from '../workload/planned-operation.ts';
import type { SeededRandom } from '../world/seeded-random.ts';
import type { World } from '../world/world.ts';
import { describe } from './describe.ts';
import { readForever } from './read-forever.ts';
import type { Routers } from './routers.ts';

export interface ClientsOptions {
  readonly world: World;
  readonly oracle: Oracle;
  readonly routers: Routers;
  readonly workload: Workload;
  readonly films: readonly string[];
  readonly healedAtMs: number;
}

/** What one operation came to, as its client sees it. */
type Outcome =
  | { readonly kind: 'acknowledged'; readonly result: OperationResult }
  | { readonly kind: 'refused'; readonly error: unknown }
  /** May have happened; may be sent again. */
  | { readonly kind: 'unknown' };

/** People and jobs that send operations and read, each one after the other. */
export class Clients {
  readonly #options: ClientsOptions;
  readonly #random: SeededRandom;
  readonly #operations: ReadonlyMap<string, PlannedOperation>;
  #unfinished = 0;

  constructor(options: ClientsOptions) {
    this.#options = options;
    this.#random = options.world.random.fork('clients');
    const { operations, requests, readers } = options.workload;
    this.#operations = new Map(operations.map((operation) => [operation.name, operation]));
    for (const [index, request] of requests.entries()) {
      this.#start(request.atMs, () => this.#send(request, this.#random.fork(`request ${index}`)));
    }
    for (const [index, reader] of readers.entries()) {
      const random = this.#random.fork(`reader ${index}`);
      this.#start(0, () => readForever({ ...options, reader, random }));
    }
  }

  get finished(): boolean {
    return this.#unfinished === 0;
  }

  #start(atMs: number, run: () => Promise<void>): void {
    const { oracle, world } = this.#options;
    this.#unfinished += 1;
    world.scheduler.after(atMs, () => {
      world.scheduler.codeRuns();
      run().then(
        () => {
          this.#unfinished -= 1;
        },
        (error: unknown) => oracle.wrong(`a client met ${describe(error)}`),
      );
    });
  }

  async #send(request: PlannedRequest, random: SeededRandom): Promise<void> {
    const { oracle, routers, world } = this.#options;
    let left = request.operations.map((name) => this.#operations.get(name) as PlannedOperation);
    for (const operation of left) oracle.invoked(operation);
    for (let attempt = 0; left.length > 0; attempt += 1) {
      const isHealed = world.scheduler.nowMs >= this.#options.healedAtMs;
      if (attempt >= request.attemptsMax && !isHealed) return;
      if (attempt > 0) await world.sleep(random.exponential(300));
      const name = attempt === 0 ? request.router : random.pick(routers.names);
      const outcomes = await routers.use(name, (router) => this.#attempt(router, left));
      if (outcomes === undefined) continue;
      left = left.filter((operation, index) => this.#isOpen(operation, outcomes[index]));
    }
  }

  async #attempt(
    router: ShardRouter,
    operations: readonly PlannedOperation[],
  ): Promise<readonly Outcome[]> {
    const [only] = operations;
    if (operations.length === 1 && only !== undefined) {
      try {
        const result = await router.write(toSlotOperation(only));
        return [{ kind: 'acknowledged', result: result as OperationResult }];
      } catch (error) {
        return [outcomeOf(error)];
      }
    }
    try {
      const outcomes = await router.writeMany(operations.map(toSlotOperation));
      return outcomes.map((outcome) =>
        'refusal' in outcome
          ? outcomeOf(outcome.refusal)
          : { kind: 'acknowledged', result: outcome.result as OperationResult },
      );
    } catch (error) {
      return operations.map(() => outcomeOf(error));
    }
  }

  /** Whether the operation has to be sent again. */
  #isOpen(operation: PlannedOperation, outcome: Outcome | undefined): boolean {
    const { oracle, world } = this.#options;
    world.note(() => `${operation.name}: ${JSON.stringify(outcome)}`);
    if (outcome === undefined) {
      oracle.wrong(`${operation.name} has no outcome`);
    } else if (outcome.kind === 'acknowledged') {
      oracle.acknowledged(operation, outcome.result);
    } else if (outcome.kind === 'unknown') {
      return true;
    } else if (codeOf(outcome.error) === 'NOT_FOUND') {
      oracle.refusedAsDeleted(operation);
    } else if (codeOf(outcome.error) === 'OPERATION_ID_REUSED') {
      oracle.reused(operation);
    } else if (codeOf(outcome.error) === 'OPERATION_ID_EXPIRED') {
      oracle.expired(operation);
    } else {
      oracle.wrong(`${operation.name} was refused with ${describe(outcome.error)}`);
    }
    return false;
  }
}

const outcomeOf = (error: unknown): Outcome =>
  ['WRITE_OUTCOME_UNKNOWN', 'OVERLOADED', 'NAMENODE_UNAVAILABLE'].includes(codeOf(error) ?? '')
    ? { kind: 'unknown' }
    : { kind: 'refused', error };
