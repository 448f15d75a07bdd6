import { SelectField } from '@marquee/client-kit';
import { RecordPicker } from '../picker/record-picker.tsx';
import { searchMovies, searchUsers } from '../picker/searches.ts';
import type { FilterBarProps, Filters } from '../records/collection.ts';

const REACTIONS = [
  ['', 'Likes and dislikes'],
  ['LIKE', 'Likes'],
  ['DISLIKE', 'Dislikes'],
] as const;

/** The names beside the ids are only for show: the address alone must tell what is filtered. */
export const InteractionFilter = ({ filters, onChange }: FilterBarProps) => {
  const change = (part: Filters): void => {
    onChange({ ...filters, ...part });
  };
  return (
    <>
      <RecordPicker
        label="Film"
        picked={pickedIn(filters, 'movie')}
        search={searchMovies}
        onPick={(movie) => {
          change({ movie: movie?.id ?? '', movieName: movie?.name ?? '' });
        }}
      />
      <RecordPicker
        label="User"
        picked={pickedIn(filters, 'user')}
        search={searchUsers}
        onPick={(user) => {
          change({ user: user?.id ?? '', userName: user?.name ?? '' });
        }}
      />
      <SelectField
        label="Reaction"
        value={REACTIONS.find(([value]) => value === filters['reaction'])?.[0] ?? ''}
        options={REACTIONS}
        onChange={(reaction) => {
          change({ reaction });
        }}
      />
    </>
  );
};

const pickedIn = (filters: Filters, field: 'movie' | 'user') => {
  const id = filters[field];
  return id === undefined ? undefined : { id, name: filters[`${field}Name`] ?? id };
};
