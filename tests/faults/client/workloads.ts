import type { OperationResult, SentOperation, WorkloadKind } from './messages.ts';

/** Documents of each workload: few, so that clients meet at them, and on both shards. */
export const LISTS = 12;
const COUNTERS = 6;
const REGISTERS = 6;
const FILMS = 6;
const FANS = 20;

/** How often each is done, out of all. */
const SHARES: readonly (readonly [WorkloadKind, number])[] = [
  ['add', 25],
  ['append', 25],
  ['count', 15],
  ['set', 10],
  ['like', 10],
  ['unlike', 5],
  ['remove', 10],
];

/** What this process knows to be acknowledged. */
export class Knowledge {
  readonly #positions = new Map<string, number>();
  readonly #added: string[] = [];
  readonly #removed: string[] = [];

  /** Of a list: how long it is at least. */
  positionOf(target: string): number {
    return this.#positions.get(target) ?? 0;
  }

  learn(target: string, position: number): void {
    this.#positions.set(target, Math.max(position, this.positionOf(target)));
  }

  acknowledged({ kind, target }: SentOperation, { position }: OperationResult): void {
    if (kind === 'append' && position !== undefined) this.learn(target, position);
    if (kind === 'add') this.#added.push(target);
    if (kind === 'remove') this.#removed.push(target);
  }

  /** One that was added and that nobody else will take. */
  takeAdded(): string | undefined {
    return this.#added.shift();
  }

  someRemoved(random: number): string | undefined {
    return this.#removed[Math.floor(random * this.#removed.length)];
  }
}

/** The next operation of a client. */
export const nextOperation = (options: {
  readonly schedule: string;
  readonly name: string;
  readonly random: () => number;
  readonly known: Knowledge;
}): SentOperation => {
  const { schedule, name, random, known } = options;
  const one = (of: number): number => Math.floor(random() * of);
  const kind = drawn(random());
  switch (kind) {
    case 'append':
      return { name, kind, target: `${schedule}-list-${one(LISTS)}` };
    case 'count':
      return { name, kind, target: `${schedule}-counter-${one(COUNTERS)}` };
    case 'set':
      return { name, kind, target: `${schedule}-register-${one(REGISTERS)}` };
    case 'like':
    case 'unlike':
      return { name, kind, target: `${schedule}-film-${one(FILMS)}`, handle: `fan${one(FANS)}` };
    case 'remove': {
      const target = known.takeAdded();
      if (target !== undefined) return { name, kind, target };
      break;
    }
    case 'add':
  }
  return { name, kind: 'add', target: `${schedule}-one-${name}` };
};

const drawn = (random: number): WorkloadKind => {
  const total = SHARES.reduce((sum, [, share]) => sum + share, 0);
  let left = random * total;
  for (const [kind, share] of SHARES) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'add';
};
