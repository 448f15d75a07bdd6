import { codeOf } from '@marquee/errors';
import type { RoutingTrace, ShardRouter } from '@marquee/shard-router';
import { slotOf } from '@marquee/topology';
import type { Oracle } from '../oracle/oracle.ts';
import type { SeenDocument } from '../oracle/slot-content.ts';
import type { PlannedReader, Workload } from '../workload/planned-operation.ts';
import type { SeededRandom } from '../world/seeded-random.ts';
import type { World } from '../world/world.ts';
import type { Routers } from './routers.ts';

export interface ReadingOptions {
  readonly world: World;
  readonly oracle: Oracle;
  readonly routers: Routers;
  readonly workload: Workload;
  readonly films: readonly string[];
  readonly healedAtMs: number;
  readonly reader: PlannedReader;
  readonly random: SeededRandom;
}

type ReadCollection = 'movies' | 'user_interactions';

/** Reads that each reader makes after everything is healed. */
const READS_AFTER_HEALING = 3;

/** Larger than any walk's collection: a list is one page. */
const LIST_MAX = 1_000;

/** One read after the other, by key or as a list, until some have come through after the end. */
export const readForever = async (options: ReadingOptions): Promise<void> => {
  const { healedAtMs, random, reader, routers, world } = options;
  const idsOf = idsBySlot(options);
  const isHealed = (): boolean => world.scheduler.nowMs >= healedAtMs;
  for (let reads = 0; !isHealed() || reads < READS_AFTER_HEALING;) {
    await world.sleep(random.exponential(reader.everyMs));
    const answered = await routers.use(reader.router, (router) =>
      random.chance(0.15)
        ? listOnce(router, options)
        : readOnce(router, options, idsOf(slotOf(random.pick(options.films)))),
    );
    if (isHealed() && answered === true) reads += 1;
  }
};

interface SlotIds {
  readonly slot: number;
  readonly ids: Readonly<Record<ReadCollection, readonly string[]>>;
}

/** Everything that operations have named, slot by slot. */
const idsBySlot = ({ films, workload }: ReadingOptions): ((slot: number) => SlotIds) => {
  const movies = new Set(films);
  const reactions = new Set(films);
  for (const { target, handle } of workload.operations) {
    movies.add(target);
    reactions.add(target);
    if (handle !== undefined) reactions.add(`${target}:${handle}`);
  }
  const slots = new Map<number, { movies: string[]; user_interactions: string[] }>();
  const add = (collection: ReadCollection, id: string): void => {
    const slot = slotOf(id.split(':')[0] ?? '');
    const ids = slots.get(slot) ?? { movies: [], user_interactions: [] };
    ids[collection].push(id);
    slots.set(slot, ids);
  };
  for (const id of movies) add('movies', id);
  for (const id of reactions) add('user_interactions', id);
  return (slot) => ({ slot, ids: slots.get(slot) ?? { movies: [], user_interactions: [] } });
};

/** Everything of one slot by key; whether there was an answer that promises something. */
const readOnce = async (
  router: ShardRouter,
  { oracle, random, reader, world }: ReadingOptions,
  { slot, ids }: SlotIds,
): Promise<boolean> => {
  const collection = random.chance(0.6) ? 'movies' : 'user_interactions';
  const begun = oracle.readBegins();
  const freshness = new Freshness();
  const answers = await router.findByIds(collection, ids[collection], {
    includeDeleted: true,
    readFrom: random.chance(0.1) ? 'strong' : 'in-sync',
    deadline: deadlineIn(world, reader.deadlineMs),
    trace: freshness,
  });
  const failed = answers.find((answer) => answer !== null && 'code' in answer);
  if (failed !== undefined) {
    if (codeOf(failed) === 'SHARD_UNAVAILABLE') return false;
    throw failed as Error;
  }
  if (!freshness.isPromised) return false;
  const documents = answers.filter((answer) => answer !== null) as SeenDocument[];
  world.note(() => `read ${collection} of slot ${slot}: ${namesIn(documents)}`);
  const asked = new Set(ids[collection].map((id) => `${collection}/${id}`));
  oracle.readEnds(begun, slot, asked, documents, `a read of slot ${slot}`);
  return true;
};

/** Everything of a collection as one list. */
const listOnce = async (
  router: ShardRouter,
  { oracle, random, reader, world }: ReadingOptions,
): Promise<boolean> => {
  const collection = random.chance(0.6) ? 'movies' : 'user_interactions';
  const begun = oracle.readBegins();
  const freshness = new Freshness();
  const { nodes, unavailable } = await router.list(collection, {
    filter: {},
    sort: [{ field: 'revision', direction: 1 }],
    first: LIST_MAX,
    queryName: 'walk',
    includeDeleted: true,
    deadline: deadlineIn(world, reader.deadlineMs),
    trace: freshness,
  });
  if (unavailable.length > 0 || !freshness.isPromised) return false;
  world.note(() => `list of ${collection}: ${namesIn(nodes as SeenDocument[])}`);
  oracle.listEnds(begun, collection, nodes as SeenDocument[]);
  return true;
};

/** Whether a router has promised that everything acknowledged before is in its answer. */
class Freshness implements RoutingTrace {
  isPromised = true;

  record({ stale }: Parameters<RoutingTrace['record']>[0]): void {
    if (stale !== undefined) this.isPromised = false;
  }
}

const deadlineIn = ({ scheduler }: World, delayMs: number): { readonly remainingMs: number } => {
  const atMs = scheduler.nowMs + delayMs;
  return {
    get remainingMs() {
      return atMs - scheduler.nowMs;
    },
  };
};

const namesIn = (documents: readonly SeenDocument[]): string =>
  documents.map(({ _id, by, deleted }) => `${_id}${deleted ? '†' : ''}[${by.join()}]`).join(' ');
