import { MarqueeError } from '@marquee/errors';
import { SlotTable, type ShardMap } from '@marquee/topology';

/** The share of the detection time for which a router may trust its map; the NameNode waits it all. */
export const READ_LEASE_SHARE = 2 / 3;

/** One answer of a NameNode about the map. */
export interface MapAnswer {
  /** Absent: nothing newer than the version asked about. */
  readonly map?: ShardMap;
  readonly version: number;
  /** The NameNode had read the end of its log after the request came in. */
  readonly confirmed: boolean;
  readonly detectionTimeMs: number;
  /** Monotonic time at which the request was SENT. */
  readonly sentAtMs: number;
}

/**
 * The newest map that was ever received, and until when it may be trusted. Never goes back to an
 * older one, and never to another deployment.
 */
export class MapKeeper {
  readonly #listeners = new Set<(map: ShardMap) => void>();
  #table: SlotTable | undefined;
  #confirmedAtMs: number | undefined;
  #leaseUntilMs = Number.NEGATIVE_INFINITY;

  get table(): SlotTable | undefined {
    return this.#table;
  }

  get map(): ShardMap | undefined {
    return this.#table?.map;
  }

  get confirmedAtMs(): number | undefined {
    return this.#confirmedAtMs;
  }

  get leaseUntilMs(): number {
    return this.#leaseUntilMs;
  }

  onChange(listener: (map: ShardMap) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws NAMENODE_UNAVAILABLE for a map of another deployment, TypeError for one with gaps */
  take(answer: MapAnswer): void {
    const { map } = answer;
    const current = this.map;
    if (map !== undefined && current !== undefined && map.deployment !== current.deployment) {
      throw new MarqueeError('NAMENODE_UNAVAILABLE', {
        expected: current.deployment,
        got: map.deployment,
        reason: 'a NameNode of another deployment',
      });
    }
    if (map !== undefined && (current === undefined || map.version > current.version)) {
      this.#table = new SlotTable(map);
      this.#trust(answer);
      for (const listener of this.#listeners) listener(map);
      return;
    }
    // A confirmation of an older map says nothing about this one.
    if (answer.version === current?.version) this.#trust(answer);
  }

  #trust({ confirmed, sentAtMs, detectionTimeMs }: MapAnswer): void {
    if (!confirmed) return;
    this.#confirmedAtMs = Math.max(this.#confirmedAtMs ?? sentAtMs, sentAtMs);
    const untilMs = sentAtMs + detectionTimeMs * READ_LEASE_SHARE;
    this.#leaseUntilMs = Math.max(this.#leaseUntilMs, untilMs);
  }
}
