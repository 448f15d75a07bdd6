import { Field, isAbort, useDebounced, useGraph, type Graph } from '@marquee/client-kit';
import { useEffect, useState } from 'preact/hooks';
import type { PickedRecord, PickOption } from './picked-record.ts';

const QUIET_MS = 200;

export type PickSearch = (
  graph: Graph,
  query: string,
  signal: AbortSignal,
) => Promise<readonly PickOption[]>;

export interface RecordPickerProps {
  readonly label: string;
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly disabled?: boolean;
  readonly required?: boolean;
  readonly picked: PickedRecord | undefined;
  readonly search: PickSearch;
  readonly onPick: (picked: PickedRecord | undefined) => void;
}

/**
 * Finds a record by its name while one types: an editable combobox with a list box, as the ARIA
 * Authoring Practices describe it. Emptying the text takes the choice back.
 */
export const RecordPicker = ({
  label,
  hint,
  problem,
  disabled = false,
  required = false,
  picked,
  search,
  onPick,
}: RecordPickerProps) => {
  const [typed, setTyped] = useState<string>();
  const [active, setActive] = useState(0);
  const options = usePickOptions(typed ?? '', search);
  const open = typed !== undefined && options.length > 0;

  const pick = (option: PickOption | undefined): void => {
    if (option) onPick({ id: option.id, name: option.name });
    setTyped(undefined);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        event.preventDefault();
        const step = event.key === 'ArrowDown' ? 1 : -1;
        if (open) setActive((active + step + options.length) % options.length);
        break;
      }
      case 'Enter':
        if (!open) break;
        event.preventDefault();
        pick(options[active]);
        break;
      case 'Escape':
        if (typed === undefined) break;
        event.preventDefault();
        setTyped(undefined);
        break;
      default:
    }
  };

  return (
    <Field label={label} hint={hint} problem={problem}>
      {(control) => (
        <div class="picker">
          <input
            {...control}
            class="input"
            type="text"
            role="combobox"
            autocomplete="off"
            aria-autocomplete="list"
            aria-expanded={open}
            aria-controls={`${control.id}-options`}
            aria-activedescendant={open ? `${control.id}-option-${String(active)}` : undefined}
            disabled={disabled}
            required={required}
            value={typed ?? picked?.name ?? ''}
            onInput={(event) => {
              const text = event.currentTarget.value;
              setTyped(text);
              setActive(0);
              if (text.trim() === '') onPick(undefined);
            }}
            onKeyDown={onKeyDown}
            onBlur={() => {
              setTyped(undefined);
            }}
          />
          <ul
            class="picker__options"
            id={`${control.id}-options`}
            role="listbox"
            aria-label={label}
            hidden={!open}
          >
            {options.map((option, position) => (
              <li
                key={option.id}
                class="picker__option"
                id={`${control.id}-option-${String(position)}`}
                role="option"
                aria-selected={position === active}
                // Before the input loses the focus, which would close the list.
                onPointerDown={(event) => {
                  event.preventDefault();
                  pick(option);
                }}
              >
                {option.name} <span class="soft small">{option.detail}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Field>
  );
};

const usePickOptions = (typed: string, search: PickSearch): readonly PickOption[] => {
  const graph = useGraph();
  const query = useDebounced(typed.trim(), QUIET_MS);
  const [options, setOptions] = useState<readonly PickOption[]>([]);
  useEffect(() => {
    setOptions([]);
    if (query === '') return undefined;
    const controller = new AbortController();
    search(graph, query, controller.signal)
      .then((found) => {
        if (!controller.signal.aborted) setOptions(found);
      })
      .catch((error: unknown) => {
        if (!isAbort(error)) throw error;
      });
    return () => {
      controller.abort();
    };
  }, [graph, query, search]);
  return options;
};
