import { recordPath } from '../paths.ts';
import type { Collection } from './collection.ts';

export interface RecordTableProps<Row, Draft extends object> {
  readonly collection: Collection<Row, Draft>;
  readonly rows: readonly Row[];
  readonly busy: boolean;
  readonly onDelete: (row: Row) => void;
}

export const RecordTable = <Row, Draft extends object>({
  collection,
  rows,
  busy,
  onDelete,
}: RecordTableProps<Row, Draft>) => (
  <div class="table-frame" aria-busy={busy}>
    <table class="table">
      <caption class="visually-hidden">{collection.plural}</caption>
      <thead>
        <tr>
          <th scope="col">{collection.columns[0]?.title}</th>
          {collection.columns.slice(1).map(({ title, minor, numeric }) => (
            <th key={title} scope="col" class={cellClass(minor, numeric)}>
              {title}
            </th>
          ))}
          <th scope="col">
            <span class="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={collection.idOf(row)}>
            <th scope="row">
              <a href={recordPath(collection.slug, collection.idOf(row))}>
                {collection.columns[0]?.cell(row)}
              </a>
            </th>
            {collection.columns.slice(1).map(({ title, cell, minor, numeric }) => (
              <td key={title} class={cellClass(minor, numeric)}>
                {cell(row)}
              </td>
            ))}
            <td class="table__actions">
              <button
                type="button"
                class="button button--small button--danger"
                aria-label={`Delete ${collection.nameOf(row)}`}
                onClick={() => {
                  onDelete(row);
                }}
              >
                Delete
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const cellClass = (minor = false, numeric = false): string =>
  [minor && 'table__minor', numeric && 'table__number'].filter(Boolean).join(' ');
