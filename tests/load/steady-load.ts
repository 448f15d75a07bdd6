import { setTimeout as delay } from 'node:timers/promises';
import { newOperationId } from '@marquee/test-kit';
import type { GraphUser } from './graph.ts';

const WRITE_PAUSE_MS = 40;
const READ_PAUSE_MS = 40;
const RETRY_PAUSE_MS = 100;

const REACT = {
  LIKE: `mutation ($id: ID!, $operationId: ID) {
    likeMovie(movieId: $id, operationId: $operationId) { ... on ReactionSaved { reaction } } }`,
  DISLIKE: `mutation ($id: ID!, $operationId: ID) {
    dislikeMovie(movieId: $id, operationId: $operationId) { ... on ReactionSaved { reaction } } }`,
} as const;
const REACTION = `query ($id: ID!) { movie(id: $id) { viewerReaction } }`;
const PAGE = `{ movies(first: 20) { nodes { id title likeCount } } }`;

type Reaction = keyof typeof REACT;

/** What clients have met since the load began, or since it was last taken. */
export interface Met {
  readonly acknowledged: number;
  readonly reads: number;
  /** Of requests that were answered with an error or not at all; the same write was sent again then. */
  readonly errors: readonly string[];
  /** A user's own reaction that was acknowledged and not seen. */
  readonly stale: readonly string[];
  /** The longest time from a request's first sending to its good answer. */
  readonly longestMs: number;
}

/** People who like and dislike films, one reaction after the other, and look at what they did. */
export class SteadyLoad {
  readonly #users: readonly GraphUser[];
  readonly #films: readonly string[];
  /** `handle film` → the last acknowledged reaction. */
  readonly #expected = new Map<string, Reaction>();
  #met = nothing();
  #total = 0;
  #running: Promise<unknown> | undefined;
  #stopped = false;

  constructor(users: readonly GraphUser[], films: readonly string[]) {
    this.#users = users;
    this.#films = films;
  }

  get acknowledged(): number {
    return this.#total;
  }

  start(): void {
    this.#running = Promise.all([
      ...this.#users.map((user, index) => this.#react(user, index)),
      ...this.#users.slice(0, 2).map((user) => this.#readPages(user)),
    ]);
  }

  /** What was met since the last call. */
  take(): Met {
    const met = this.#met;
    this.#met = nothing();
    return met;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  /** Acknowledged reactions that are not there any more. */
  async lost(): Promise<string[]> {
    const lost: string[] = [];
    for (const user of this.#users) {
      for (const film of this.#films) {
        const expected = this.#expected.get(`${user.handle} ${film}`);
        if (expected === undefined) continue;
        const found = await this.#reactionOf(user, film);
        if (found !== expected) {
          lost.push(`${user.handle} on ${film}: ${expected}, found ${String(found)}`);
        }
      }
    }
    return lost;
  }

  async #react(user: GraphUser, offset: number): Promise<void> {
    for (let turn = offset; !this.#stopped; turn += 1) {
      const film = this.#films[turn % this.#films.length] ?? '';
      const key = `${user.handle} ${film}`;
      const reaction = this.#expected.get(key) === 'LIKE' ? 'DISLIKE' : 'LIKE';
      const operationId = newOperationId('').slice(1);
      await this.#untilAnswered(() => user.ask(REACT[reaction], { id: film, operationId }));
      this.#expected.set(key, reaction);
      this.#met.acknowledged += 1;
      this.#total += 1;
      const seen = await this.#untilAnswered(() => this.#reactionOf(user, film));
      this.#met.reads += 1;
      if (seen !== reaction) {
        this.#met.stale.push(`${key}: ${reaction} acknowledged, ${String(seen)} seen`);
      }
      await delay(WRITE_PAUSE_MS);
    }
  }

  async #readPages(user: GraphUser): Promise<void> {
    while (!this.#stopped) {
      await this.#untilAnswered(() => user.ask(PAGE));
      this.#met.reads += 1;
      await delay(READ_PAUSE_MS);
    }
  }

  async #reactionOf(user: GraphUser, id: string): Promise<Reaction | null> {
    const { movie } = await user.ask<{ movie: { viewerReaction: Reaction | null } | null }>(
      REACTION,
      { id },
    );
    return movie?.viewerReaction ?? null;
  }

  async #untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
    const startedAtMs = performance.now();
    for (;;) {
      try {
        const answer = await ask();
        const tookMs = performance.now() - startedAtMs;
        this.#met.longestMs = Math.max(this.#met.longestMs, tookMs);
        return answer;
      } catch (error) {
        this.#met.errors.push((error as Error).message);
        await delay(RETRY_PAUSE_MS);
      }
    }
  }
}

interface Counting {
  acknowledged: number;
  reads: number;
  errors: string[];
  stale: string[];
  longestMs: number;
}

const nothing = (): Counting => ({
  acknowledged: 0,
  reads: 0,
  errors: [],
  stale: [],
  longestMs: 0,
});
