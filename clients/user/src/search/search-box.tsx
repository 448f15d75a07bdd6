import { useDebounced } from '@marquee/client-kit';
import { useEffect, useRef, useState } from 'preact/hooks';

/** A pause in typing of this length asks the graph. */
const QUIET_MS = 200;

export interface SearchBoxProps {
  readonly query: string;
  readonly onSearch: (query: string) => void;
}

/** Searches while one types, and at once on Enter. */
export const SearchBox = ({ query, onSearch }: SearchBoxProps) => {
  const [text, setText] = useState(query);
  const settled = useDebounced(text, QUIET_MS);
  const sent = useRef(query);

  const search = (wanted: string): void => {
    if (wanted.trim() === sent.current) return;
    sent.current = wanted.trim();
    onSearch(sent.current);
  };

  useEffect(() => {
    search(settled);
  }, [settled]);

  useEffect(() => {
    // The address was changed by a link or the back button, not by this box.
    if (query === sent.current) return;
    sent.current = query;
    setText(query);
  }, [query]);

  return (
    <form
      class="search-box"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        search(text);
      }}
    >
      <label class="visually-hidden" for="search">
        Search for films and people
      </label>
      <input
        id="search"
        class="input search-box__input"
        type="search"
        name="q"
        autocomplete="off"
        spellcheck={false}
        maxLength={200}
        placeholder="Title or name"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
        }}
      />
    </form>
  );
};
