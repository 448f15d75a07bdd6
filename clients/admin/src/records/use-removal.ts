import { allInPlainWords, newOperationId, useGraph } from '@marquee/client-kit';
import { useState } from 'preact/hooks';
import { useFlash } from '../flash.tsx';
import type { Collection, RemoveOutcome } from './collection.ts';

export interface Removal<Row> {
  /** The row that waits for a yes or no. */
  readonly asked: Row | undefined;
  readonly busy: boolean;
  readonly ask: (row: Row) => void;
  readonly cancel: () => void;
  readonly confirm: () => void;
}

/** Deleting with a question before and a way back after. `onChange` runs when rows changed. */
export const useRemoval = <Row, Draft extends object>(
  collection: Collection<Row, Draft>,
  onChange: () => void,
): Removal<Row> => {
  const graph = useGraph();
  const flash = useFlash();
  const [asked, setAsked] = useState<Row>();
  const [busy, setBusy] = useState(false);

  const restore = async (row: Row): Promise<void> => {
    const outcome = await collection.restore(graph, row, newOperationId());
    const name = collection.nameOf(row);
    flash.show(
      outcome.kind === 'saved'
        ? { tone: 'success', text: `${name} is back.` }
        : {
            tone: 'danger',
            text: `${name} could not be brought back. ${
              outcome.kind === 'failed' ? allInPlainWords(outcome.problems).join(' ') : ''
            }`,
          },
    );
    onChange();
  };

  const remove = async (row: Row): Promise<void> => {
    setBusy(true);
    const outcome = await collection.remove(graph, row, newOperationId());
    setBusy(false);
    setAsked(undefined);
    const name = collection.nameOf(row);
    flash.show(
      outcome.kind === 'removed'
        ? {
            tone: 'success',
            text: `${name} is deleted.`,
            action: { label: 'Undo', run: () => void restore(row) },
          }
        : { tone: 'danger', text: `${name} was not deleted. ${whyNot(outcome)}` },
    );
    onChange();
  };

  return {
    asked,
    busy,
    ask: setAsked,
    cancel: () => {
      setAsked(undefined);
    },
    confirm: () => {
      if (asked !== undefined) void remove(asked);
    },
  };
};

const whyNot = (outcome: Exclude<RemoveOutcome, { kind: 'removed' }>): string => {
  switch (outcome.kind) {
    case 'conflict':
      return 'Somebody changed it after this list was loaded. The list is up to date now: look again.';
    case 'missing':
      return 'Somebody else had already deleted it.';
    case 'failed':
      return allInPlainWords(outcome.problems).join(' ');
  }
};
