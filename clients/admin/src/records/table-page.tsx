import { ProblemNotice, usePlace, useRouter, useTitle } from '@marquee/client-kit';
import { useEffect, useState } from 'preact/hooks';
import { addPath, tablePath } from '../paths.ts';
import type { Collection, Filters } from './collection.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { Pager } from './pager.tsx';
import { RecordTable } from './record-table.tsx';
import { keepTable, recallTable } from './table-memory.ts';
import { useListing } from './use-listing.ts';
import { useRemoval } from './use-removal.ts';

const PAGE_SIZE = 25;

export const TablePage = <Row, Draft extends object>({
  collection,
}: {
  collection: Collection<Row, Draft>;
}) => {
  const { slug, plural, one, FilterBar } = collection;
  const router = useRouter();
  const { search } = usePlace();
  const searchText = search.toString();
  const filters = Object.fromEntries(search);
  const [turn, setTurn] = useState(0);
  const remembered = recallTable(slug);
  const [cursors, setCursors] = useState(
    remembered.search === searchText ? remembered.cursors : [],
  );
  useTitle(`${plural} · Marquee admin`);

  useEffect(() => {
    keepTable(slug, { search: searchText, cursors });
  }, [slug, searchText, cursors]);

  const { shown, loading } = useListing(collection, filters, { first: PAGE_SIZE, cursors, turn });
  const listing = shown?.listing;
  const reload = (): void => {
    setTurn((count) => count + 1);
  };
  const removal = useRemoval(collection, reload);

  const filter = (wanted: Filters): void => {
    const given = Object.entries(wanted).filter(([, value]) => value !== '');
    setCursors([]);
    router.go(tablePath(slug, new URLSearchParams(given).toString()), { replace: true });
  };
  const rows = listing?.rows ?? [];

  return (
    <div class="stack">
      <div class="row row--apart">
        <h1>{plural}</h1>
        <a class="button button--primary" href={addPath(slug)}>
          Add {one.article} {one.noun}
        </a>
      </div>
      <div class="filters" role="search">
        <FilterBar filters={filters} onChange={filter} />
      </div>
      <ProblemNotice
        problems={listing?.problems ?? []}
        partial={rows.length > 0}
        action={{ label: 'Try again', run: reload }}
      />
      <RecordTable collection={collection} rows={rows} busy={loading} onDelete={removal.ask} />
      {!loading && rows.length === 0 && listing?.problems.length === 0 && (
        <p class="soft">Nothing fits.</p>
      )}
      <Pager
        page={shown?.page ?? 1}
        pageSize={PAGE_SIZE}
        shown={rows.length}
        totalCount={listing?.totalCount ?? null}
        hasNextPage={listing?.hasNextPage ?? false}
        busy={loading}
        onPrevious={() => {
          setCursors(cursors.slice(0, -1));
        }}
        onNext={() => {
          if (listing?.endCursor != null) setCursors([...cursors, listing.endCursor]);
        }}
      />
      {removal.asked !== undefined && (
        <DeleteDialog
          name={collection.nameOf(removal.asked)}
          note={collection.deleteNote}
          busy={removal.busy}
          onConfirm={removal.confirm}
          onCancel={removal.cancel}
        />
      )}
    </div>
  );
};
