import { allInPlainWords, createOperationIds, useGraph } from '@marquee/client-kit';
import { useMemo, useState } from 'preact/hooks';
import type { Collection, SaveOutcome, StoredRecord } from './collection.ts';
import { isChanged, rebase } from './compare-drafts.ts';
import { fieldProblems, type FieldProblem, type FieldProblems } from './field-problems.ts';

export interface RecordEditor<Draft extends object> {
  /** What the draft began as. */
  readonly base: Draft;
  readonly draft: Draft;
  readonly problems: FieldProblems;
  /** What is wrong with the record as a whole. */
  readonly notice: string | undefined;
  /** What somebody else stored meanwhile, until the admin has chosen. */
  readonly conflict: StoredRecord<Draft> | undefined;
  readonly busy: boolean;
  readonly change: (part: Partial<Draft>) => void;
  readonly save: () => void;
  readonly keepYours: () => void;
  readonly takeTheirs: () => void;
}

const NO_PROBLEMS: readonly FieldProblem[] = [];

/** The editing of one record. `onDone` gets its name and whether anything had to be saved. */
export const useRecordEditor = <Row, Draft extends object>(
  collection: Collection<Row, Draft>,
  loaded: StoredRecord<Draft> | undefined,
  onDone: (name: string, changed: boolean) => void,
): RecordEditor<Draft> => {
  const graph = useGraph();
  const operationIds = useMemo(() => createOperationIds(), []);
  const [stored, setStored] = useState(loaded);
  const [draft, setDraft] = useState(loaded?.draft ?? collection.emptyDraft);
  const [conflict, setConflict] = useState<StoredRecord<Draft>>();
  const [problems, setProblems] = useState(NO_PROBLEMS);
  const [notice, setNotice] = useState<string>();
  const [busy, setBusy] = useState(false);

  const send = async (
    current: StoredRecord<Draft> | undefined,
    wanted: Draft,
  ): Promise<SaveOutcome> => {
    const operationId = operationIds.idFor({ revision: current?.revision, wanted });
    const outcome = current
      ? await collection.update(graph, current, wanted, operationId)
      : await collection.create(graph, wanted, operationId);
    if (outcome.kind !== 'failed') operationIds.settle();
    return outcome;
  };

  const save = async (current: StoredRecord<Draft> | undefined, wanted: Draft): Promise<void> => {
    if (current && !isChanged(current.draft, wanted)) {
      onDone(current.name, false);
      return;
    }
    setBusy(true);
    setNotice(undefined);
    setProblems(NO_PROBLEMS);
    setConflict(undefined);
    const outcome = await send(current, wanted);
    switch (outcome.kind) {
      case 'saved':
        onDone(outcome.name, true);
        return;
      case 'invalid':
        setProblems(outcome.problems);
        setNotice(invalidNotice(outcome.problems, collection.fields));
        break;
      case 'missing':
        setNotice(`This ${collection.one.noun}, or something it refers to, has been deleted.`);
        break;
      case 'conflict':
        await showConflict(current);
        break;
      case 'failed':
        setNotice(allInPlainWords(outcome.problems).join(' '));
    }
    setBusy(false);
  };

  const showConflict = async (current: StoredRecord<Draft> | undefined): Promise<void> => {
    if (!current) return;
    const theirs = await collection.load(graph, current.id);
    if (theirs.kind === 'loaded') setConflict(theirs.record);
    else if (theirs.kind === 'missing') setNotice(`This ${collection.one.noun} has been deleted.`);
    else setNotice(allInPlainWords(theirs.problems).join(' '));
  };

  return {
    base: stored?.draft ?? collection.emptyDraft,
    draft,
    problems: useMemo(() => fieldProblems(problems), [problems]),
    notice,
    conflict,
    busy,
    change: (part) => {
      setDraft((before) => ({ ...before, ...part }));
    },
    save: () => {
      if (!busy) void save(stored, draft);
    },
    keepYours: () => {
      if (busy || !conflict || !stored) return;
      const merged = rebase(stored.draft, draft, conflict.draft);
      setStored(conflict);
      setDraft(merged);
      void save(conflict, merged);
    },
    takeTheirs: () => {
      if (!conflict) return;
      setStored(conflict);
      setDraft(conflict.draft);
      setConflict(undefined);
    },
  };
};

const invalidNotice = (
  problems: readonly FieldProblem[],
  fields: readonly { readonly name: string }[],
): string => {
  const elsewhere = fieldProblems(problems).elsewhere(fields.map(({ name }) => name));
  return [
    'Not saved: something is not acceptable.',
    ...elsewhere.map(({ path, message }) => `${path}: ${message}`),
  ].join(' ');
};
