import { setTimeout as delay } from 'node:timers/promises';

const OPERATION_MAX_MS = 120_000;
const LOOK_INTERVAL_MS = 100;
const CALL_MAX_MS = 60_000;

export interface ShardStatus {
  readonly name: string;
  readonly owner: string;
  readonly slots: number;
  readonly busyWith: string | null;
  readonly members: readonly { readonly cluster: string; readonly status: string }[];
}

export interface Operation {
  readonly id: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly endedAtMs: number | null;
  readonly steps: readonly { readonly atMs: number; readonly what: string }[];
}

/** Somebody with an admin's token, at whichever NameNode answers. */
export class Operator {
  readonly #urls: readonly string[];
  readonly #token: string;

  constructor(urls: readonly string[], token: string) {
    this.#urls = urls;
    this.#token = token;
  }

  async status(): Promise<{ leader: string | null; shards: readonly ShardStatus[] }> {
    return (await this.#call('GET', '/shards')) as {
      leader: string | null;
      shards: readonly ShardStatus[];
    };
  }

  async shard(name: string): Promise<ShardStatus> {
    const found = (await this.status()).shards.find((shard) => shard.name === name);
    if (found === undefined) throw new Error(`there is no shard ${name}`);
    return found;
  }

  /** Orders an operation and waits for its end. @throws if it was undone */
  async order(order: object): Promise<Operation> {
    return this.#ended((await this.#call('POST', '/operations', order)) as Operation);
  }

  async automation(status: 'active' | 'paused'): Promise<void> {
    await this.#call('PUT', '/automation', { status, why: 'tried out' });
  }

  async addShard(name: string, owner: string, replicas: readonly string[]): Promise<void> {
    await this.#call('POST', '/shards', { name, owner, replicas });
  }

  async removeCluster(shard: string, cluster: string): Promise<void> {
    const ordered = await this.#call('DELETE', `/shards/${shard}/clusters/${cluster}`);
    await this.#ended(ordered as Operation);
  }

  async rebalance(): Promise<void> {
    const { operations = [] } = (await this.#call('POST', '/rebalance', {})) as {
      operations?: readonly Operation[];
    };
    for (const operation of operations) await this.#ended(operation);
  }

  async findings(): Promise<readonly { kind: string; cluster: string }[]> {
    const { findings } = (await this.#call('GET', '/findings')) as {
      findings: readonly { kind: string; cluster: string }[];
    };
    return findings;
  }

  async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const startedAtMs = performance.now();
    for (;;) {
      const found = await look().catch(() => undefined);
      if (found !== undefined) return found;
      if (performance.now() - startedAtMs > OPERATION_MAX_MS) {
        throw new Error(`waited ${OPERATION_MAX_MS / 1_000} s in vain for ${what}`);
      }
      await delay(LOOK_INTERVAL_MS);
    }
  }

  async #ended({ id }: Operation): Promise<Operation> {
    const ended = await this.until(`operation ${id}`, async () => {
      const operation = (await this.#call('GET', `/operations/${id}`)) as Operation;
      return operation.endedAtMs === null ? undefined : operation;
    });
    if (ended.status !== 'completed') throw new Error(`${id}: ${ended.outcome ?? ended.status}`);
    return ended;
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    let first: unknown;
    for (const url of this.#urls) {
      try {
        const response = await fetch(`${url}/v1${path}`, {
          method,
          headers: {
            authorization: `Bearer ${this.#token}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(CALL_MAX_MS),
        });
        const answer: unknown = await response.json();
        if (response.ok) return answer;
        first ??= new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
        if (response.status < 500) break;
      } catch (error) {
        first ??= error;
      }
    }
    throw first;
  }
}
