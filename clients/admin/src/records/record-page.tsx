import { isAbort, ProblemNotice, useGraph, useTitle } from '@marquee/client-kit';
import { useEffect, useState } from 'preact/hooks';
import { MissingPage } from '../missing-page.tsx';
import { tablePath } from '../paths.ts';
import type { Collection, LoadOutcome } from './collection.ts';
import { RecordForm } from './record-form.tsx';
import { recallTable } from './table-memory.ts';

export interface RecordPageProps<Row, Draft extends object> {
  readonly collection: Collection<Row, Draft>;
  /** Undefined for a new one. */
  readonly id: string | undefined;
}

export const RecordPage = <Row, Draft extends object>({
  collection,
  id,
}: RecordPageProps<Row, Draft>) => {
  const { slug, plural, one } = collection;
  const graph = useGraph();
  const [outcome, setOutcome] = useState<LoadOutcome<Draft>>();
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    if (id === undefined) return undefined;
    const controller = new AbortController();
    setOutcome(undefined);
    collection
      .load(graph, id, controller.signal)
      .then((loaded) => {
        if (!controller.signal.aborted) setOutcome(loaded);
      })
      .catch((error: unknown) => {
        if (!isAbort(error)) throw error;
      });
    return () => {
      controller.abort();
    };
  }, [graph, collection, id, turn]);

  const record = outcome?.kind === 'loaded' ? outcome.record : undefined;
  const title = id === undefined ? `Add ${one.article} ${one.noun}` : (record?.name ?? plural);
  useTitle(`${title} · Marquee admin`);

  if (outcome?.kind === 'missing') return <MissingPage what={one.noun} />;
  if (outcome?.kind === 'failed') {
    const retry = {
      label: 'Try again',
      run: () => {
        setTurn((count) => count + 1);
      },
    };
    return <ProblemNotice problems={outcome.problems} action={retry} />;
  }
  if (id !== undefined && !record) {
    return (
      <p class="soft" role="status">
        Loading…
      </p>
    );
  }
  return (
    <div class="stack">
      <p>
        <a href={tablePath(slug, recallTable(slug).search)}>← {plural}</a>
      </p>
      <div>
        <h1>{title}</h1>
        {record && (
          <p class="soft small">
            {record.id}
            {record.revision !== undefined && ` · revision ${String(record.revision)}`}
          </p>
        )}
      </div>
      <RecordForm collection={collection} stored={record} />
    </div>
  );
};
