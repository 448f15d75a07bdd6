import { useGraphQuery } from '@marquee/client-kit';
import { GenresDocument } from '../generated/graphql.ts';

/** Chips shown before "More genres" is pressed. */
const GENRES_FIRST = 12;

export interface GenreFilterProps {
  readonly chosen: readonly string[];
  readonly expanded: boolean;
  readonly onExpand: () => void;
  readonly onToggle: (genre: string, wanted: boolean) => void;
}

/** Without its counts it is empty: what matters are the films, and trouble is told beside them. */
export const GenreFilter = ({ chosen, expanded, onExpand, onToggle }: GenreFilterProps) => {
  const { state } = useGraphQuery(GenresDocument, {});
  const counts = (state.status === 'ready' ? state.data.genres : undefined) ?? [];
  const offered = expanded ? counts : counts.slice(0, GENRES_FIRST);
  // A chosen genre is always there to be taken back, even one that no film has.
  const hidden = chosen.filter((genre) => !offered.some((count) => count.genre === genre));
  const chips = [...offered, ...hidden.map((genre) => ({ genre, movieCount: undefined }))];

  return (
    <fieldset class="genres">
      <legend class="visually-hidden">Genres: films of any of these</legend>
      {chips.map(({ genre, movieCount }) => (
        <label key={genre} class="chip">
          <input
            class="chip__box"
            type="checkbox"
            checked={chosen.includes(genre)}
            onChange={(event) => {
              onToggle(genre, event.currentTarget.checked);
            }}
          />
          <span class="chip__label">
            {genre}
            {movieCount !== undefined && (
              <span class="chip__count">
                <span class="visually-hidden">, number of films: </span>
                {movieCount.toLocaleString('en')}
              </span>
            )}
          </span>
        </label>
      ))}
      {!expanded && counts.length > GENRES_FIRST && (
        <button type="button" class="button button--small chip__more" onClick={onExpand}>
          More genres
        </button>
      )}
    </fieldset>
  );
};
