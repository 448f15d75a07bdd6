import type { SentOperation } from '../client/messages.ts';
import type { History } from './history.ts';

/** A document as a cluster holds it at the end; of which workload, its id tells. */
export interface FinalDocument {
  readonly _id: string;
  readonly deleted: boolean;
  readonly by?: readonly string[];
  readonly value?: number;
  readonly liked?: boolean;
  readonly likeCount?: number;
}

/** `collection/id` → what is there. */
export type FinalState = ReadonlyMap<string, FinalDocument>;

export interface Verdict {
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  readonly resurrected: readonly string[];
}

/** Compares what one cluster holds at the end with what was acknowledged to clients. */
export const judge = (history: History, state: FinalState): Verdict => {
  const verdict = { lost: [] as string[], duplicated: [] as string[], resurrected: [] as string[] };
  const removals = new Map<string, 'sent' | 'acknowledged'>();
  for (const { operation, result } of history.operations()) {
    if (operation.kind !== 'remove') continue;
    removals.set(operation.target, result === undefined ? 'sent' : 'acknowledged');
  }
  const counters = new Map<string, { sent: number; acknowledged: number; places: Set<number> }>();
  for (const { operation, result } of history.operations()) {
    const { kind, name, target } = operation;
    const document = state.get(documentOf(operation));
    const times = document?.by?.filter((each) => each === name).length ?? 0;
    if (times > 1) verdict.duplicated.push(`${name} is ${times} times in ${target}`);
    if (kind === 'count' || kind === 'set') {
      const counter = counters.get(target) ?? { sent: 0, acknowledged: 0, places: new Set() };
      counters.set(target, counter);
      counter.sent += 1;
      if (result?.effective === true && result.position !== undefined) {
        counter.acknowledged += 1;
        // Two that were told the same place: one of them has overwritten the other.
        if (counter.places.has(result.position)) {
          verdict.lost.push(`${name}: ${target} gave the place ${result.position} twice`);
        }
        counter.places.add(result.position);
      }
    }
    if (result === undefined || !result.effective || kind === 'count') continue;
    if (kind === 'add' && removals.has(target) && document !== undefined) {
      if (document.deleted || removals.get(target) === 'sent') continue;
      verdict.resurrected.push(`${target}, added by ${name}, is back`);
      continue;
    }
    if (kind === 'append' && document?.by?.[(result.position ?? 0) - 1] !== name) {
      verdict.lost.push(`${name} is not number ${result.position ?? 0} of ${target}`);
    } else if (times === 0 || (kind === 'add' && document?.deleted === true)) {
      verdict.lost.push(`${kind} ${name} of ${target}`);
    }
  }
  for (const [target, { sent, acknowledged }] of counters) {
    const value = state.get(`movies/${target}`)?.value ?? 0;
    if (value < acknowledged) verdict.lost.push(`${target} is ${value} after ${acknowledged}`);
    if (value > sent) verdict.duplicated.push(`${target} is ${value} after ${sent} at most`);
  }
  checkLikes(state, verdict);
  return verdict;
};

const documentOf = ({ kind, target, handle }: SentOperation): string =>
  kind === 'like' || kind === 'unlike'
    ? `user_interactions/${target}:${handle ?? ''}`
    : `movies/${target}`;

// The count and what it counts change together: they agree wherever one is seen.
const checkLikes = (state: FinalState, verdict: { lost: string[]; duplicated: string[] }): void => {
  const liked = new Map<string, number>();
  for (const { _id, liked: isLiked } of state.values()) {
    const [film = '', handle] = _id.split(':');
    if (handle !== undefined && isLiked === true) liked.set(film, (liked.get(film) ?? 0) + 1);
  }
  for (const { _id, likeCount } of state.values()) {
    if (likeCount === undefined) continue;
    const likes = liked.get(_id) ?? 0;
    if (likeCount < likes) verdict.lost.push(`${_id} counts ${likeCount} of ${likes} likes`);
    if (likeCount > likes) verdict.duplicated.push(`${_id} counts ${likeCount} of ${likes} likes`);
  }
};
