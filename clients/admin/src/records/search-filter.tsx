import { TextField } from '@marquee/client-kit';
import type { FilterBarProps } from './collection.ts';

/** The filter of a collection that is searched by words. */
export const createSearchFilter =
  (label: string) =>
  ({ filters, onChange }: FilterBarProps) => (
    <TextField
      label={label}
      type="search"
      autoComplete="off"
      value={filters['q'] ?? ''}
      onChange={(q) => {
        onChange({ q });
      }}
    />
  );
