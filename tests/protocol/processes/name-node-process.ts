import { createClusterRegistry, Deadline, type Clock } from '@marquee/slot-protocol';
import type { OperationPlan } from '../../../namenode-service/src/directory/directory-state.ts';
import {
  HealthMonitor,
  PROBE_MAX_MS,
} from '../../../namenode-service/src/health/health-monitor.ts';
import { Leadership } from '../../../namenode-service/src/leader/leadership.ts';
import { DirectoryFollower } from '../../../namenode-service/src/served-map/directory-follower.ts';
import { MapSource } from '../../../namenode-service/src/served-map/map-source.ts';
import { MetadataClient } from '../world/metadata.ts';
import type { SimProcess } from '../world/sim-process.ts';
import type { World } from '../world/world.ts';
import { LeaderTerm } from './leader-term.ts';
import type { HttpAnswer, HttpEndpoint, HttpRequest } from './sim-fetch.ts';

/** An instance of the NameNode: its real parts, put together as its service does. */
export class NameNodeProcess implements HttpEndpoint {
  readonly name: string;
  readonly process: SimProcess;
  readonly leadership: Leadership;
  readonly #maps: MapSource;
  readonly #monitor: HealthMonitor;
  readonly generation: number;
  #term: LeaderTerm | undefined;

  constructor(
    world: World,
    name: string,
    {
      detectionTimeMs,
      generation,
      onSurprise,
    }: {
      readonly detectionTimeMs: number;
      readonly generation: number;
      readonly onSurprise: (error: unknown) => void;
    },
  ) {
    this.name = name;
    this.generation = generation;
    const { process, random, run } = world.startProcess(name);
    this.process = process;
    const clock: Clock = process.clock;
    const log = new MetadataClient({
      metadata: world.metadata,
      network: world.network,
      process,
      random: random.fork('metadata'),
      onEdit: (edit) => world.appended(edit),
    });
    const registry = createClusterRegistry({
      addresses: () => Promise.resolve({ clusters: world.addressesOf(run) }),
      random: random.fork('registry').next,
    });
    const follower = new DirectoryFollower(log, clock);
    this.#maps = new MapSource(follower, clock);
    this.#monitor = new HealthMonitor({
      probe: async (cluster) => {
        await (await registry.get(cluster)).ping(Deadline.after(PROBE_MAX_MS, clock));
      },
      clock,
      detectionTimeMs,
      onChange: () => undefined,
    });
    this.leadership = new Leadership({
      instance: name,
      url: () => `http://${name}`,
      log,
      leases: log,
      follower,
      clock,
      detectionTimeMs,
      onWarning: () => undefined,
    });
    let operations = 0;
    this.leadership.onElected((term) => {
      world.note(() => `${run} leads`);
      this.#term = new LeaderTerm({
        instance: name,
        leadership: this.leadership,
        follower,
        monitor: this.#monitor,
        cluster: (cluster) => registry.get(cluster),
        clock,
        term,
        newId: () => `${run}/${(operations += 1)}`,
        onSurprise,
      });
    });
    follower.onChange((state) => {
      if (state.status !== 'running') return;
      this.#monitor.watch(state.shards.flatMap(({ members }) => members.map((m) => m.cluster)));
    });
    process.deliver(() => {
      void this.leadership.run(new AbortController().signal);
    });
  }

  get isUp(): boolean {
    return this.process.isAlive;
  }

  /** What a person orders; only the leader takes it. */
  order(plan: OperationPlan): void {
    if (!this.leadership.isLeader) return;
    this.process.deliver(() => this.#term?.order(plan));
  }

  /** A check has found that this cluster differs from its owner. */
  giveUp(shard: string, cluster: string): void {
    if (!this.leadership.isLeader) return;
    this.process.deliver(() => this.#term?.giveUp(shard, cluster));
  }

  handle(work: () => void): void {
    this.process.deliver(work);
  }

  async answer({ url, body }: HttpRequest): Promise<HttpAnswer> {
    if (url.pathname === '/v1/reports') {
      const { unreachable = [] } = JSON.parse(body ?? '{}') as { unreachable?: string[] };
      for (const cluster of unreachable) this.#monitor.report(cluster);
      return { status: 204, headers: {}, body: '' };
    }
    return this.#shardMap(url.searchParams);
  }

  /** As the route `GET /v1/shard-map` does. */
  async #shardMap(query: URLSearchParams): Promise<HttpAnswer> {
    const after = query.has('after') ? Number(query.get('after')) : undefined;
    const waitMs = Number(query.get('waitMs') ?? 0);
    try {
      const { served, confirmed } =
        after === undefined || waitMs === 0
          ? await this.#maps.confirmed()
          : await this.#maps.newerThan(after, waitMs, new AbortController().signal);
      const headers = {
        'x-directory-version': String(served.version),
        'x-directory-confirmed': String(confirmed),
        'x-detection-time-ms': String(served.detectionTimeMs),
      };
      const isKnown = after === served.version;
      return { status: isKnown ? 304 : 200, headers, body: isKnown ? '' : served.body };
    } catch {
      return { status: 503, headers: {}, body: '' };
    }
  }
}
