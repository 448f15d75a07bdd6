import type { GraphAnswer, GraphProblem } from '@marquee/client-kit';
import type { InvalidFragment, MissingFragment } from '../generated/graphql.ts';
import type { RemoveOutcome, SaveOutcome } from './collection.ts';

type Refusal =
  | ({ readonly __typename: 'ValidationFailed' } & InvalidFragment)
  | { readonly __typename: 'VersionConflict' }
  | ({ readonly __typename: 'NotFound' } & MissingFragment);

/** What became of a save: `savedAs` tells the saved result from the refusals. */
export const saveOutcome = <Saved extends { readonly __typename: string }>(
  { data, problems }: GraphAnswer<{ result: Saved | Refusal | null }>,
  savedAs: (saved: Exclude<Saved, Refusal>) => { id: string; name: string },
): SaveOutcome => {
  const result = data?.result;
  if (!result) return { kind: 'failed', problems: atLeastOne(problems) };
  if (isRefusal(result)) return refusalOutcome(result);
  return { kind: 'saved', ...savedAs(result as Exclude<Saved, Refusal>) };
};

const REFUSALS: ReadonlySet<string> = new Set(['ValidationFailed', 'VersionConflict', 'NotFound']);

const isRefusal = (result: { readonly __typename: string }): result is Refusal =>
  REFUSALS.has(result.__typename);

const refusalOutcome = (refusal: Refusal): SaveOutcome => {
  switch (refusal.__typename) {
    case 'ValidationFailed':
      return { kind: 'invalid', problems: refusal.problems };
    case 'VersionConflict':
      return { kind: 'conflict' };
    case 'NotFound':
      return { kind: 'missing' };
  }
};

export const removeOutcome = ({
  data,
  problems,
}: GraphAnswer<{ result: { readonly __typename: string } | null }>): RemoveOutcome => {
  switch (data?.result?.__typename) {
    case undefined:
      return { kind: 'failed', problems: atLeastOne(problems) };
    case 'VersionConflict':
      return { kind: 'conflict' };
    case 'NotFound':
      return { kind: 'missing' };
    default:
      return { kind: 'removed' };
  }
};

/** A result that is null without a reason is a bug of the graph, and not a success. */
const atLeastOne = (problems: readonly GraphProblem[]): readonly GraphProblem[] =>
  problems.length > 0 ? problems : [{ code: 'INTERNAL', path: '' }];
