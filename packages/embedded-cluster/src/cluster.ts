import { ObjectId } from 'bson';
import { CursorRegistry } from './cursors/cursor-registry.ts';
import { Election } from './election.ts';
import { FailPoints } from './commands/fail-points.ts';
import type { Logger } from './logger.ts';
import type { Operation } from './operation/operation.ts';
import { SessionRegistry } from './sessions/session-registry.ts';
import { PastStates } from './storage/past-states.ts';
import { Store } from './storage/store.ts';
import type { Connection } from './wire/connection.ts';

export interface ClusterOptions {
  /** Of the replica set. */
  readonly name: string;
  readonly dataDir: string;
  readonly testCommands: boolean;
  readonly nowMs: () => number;
  /** Never goes back, unlike the wall clock. */
  readonly monotonicMs: () => number;
  readonly logger: Logger | undefined;
}

/** Everything that commands work on. */
export class Cluster {
  readonly name: string;
  readonly testCommands: boolean;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly logger: Logger | undefined;
  readonly startedMs: number;
  readonly store: Store;
  readonly sessions: SessionRegistry;
  readonly cursors: CursorRegistry;
  readonly pastStates: PastStates;
  readonly failPoints = new FailPoints();
  readonly election: Election;
  /** Tells this start of the process from others. */
  readonly processId = new ObjectId();
  /** The commands that are running. */
  readonly operations = new Set<Operation>();
  readonly connections = new Set<Connection>();
  /** How many commands have been answered that were more than a sign of life. */
  commandsDone = 0;
  /** `host:port`, as clients reach this member. */
  address = '';

  constructor(options: ClusterOptions) {
    this.name = options.name;
    this.testCommands = options.testCommands;
    this.nowMs = options.nowMs;
    this.monotonicMs = options.monotonicMs;
    this.logger = options.logger;
    this.startedMs = options.nowMs();
    this.store = new Store({
      dataDir: options.dataDir,
      nowMs: options.nowMs,
      keepUndo: options.testCommands,
    });
    this.sessions = new SessionRegistry(this.store, options.nowMs);
    this.cursors = new CursorRegistry(options.nowMs);
    this.pastStates = new PastStates(this.store, options.nowMs);
    this.election = new Election(this);
  }

  /** Drivers take the member with the highest one for the primary. */
  get electionId(): ObjectId {
    return new ObjectId(`7fffffff${this.store.term.toString(16).padStart(16, '0')}`);
  }

  /** Ends what has been idle for too long. */
  expire(): void {
    this.sessions.expire();
    this.cursors.expire();
    this.pastStates.expire();
  }

  async close(): Promise<void> {
    this.cursors.closeAll();
    this.sessions.forgetAll();
    this.pastStates.close();
    await this.store.close();
  }
}
