import { SelectField, TextField } from '@marquee/client-kit';
import type { CreditKind } from '../generated/graphql.ts';
import { RecordPicker } from '../picker/record-picker.tsx';
import { searchPeople } from '../picker/searches.ts';
import type { FieldProblems } from '../records/field-problems.ts';
import type { CreditDraft } from './movie-draft.ts';

export interface CreditsEditorProps {
  readonly credits: readonly CreditDraft[];
  readonly problems: FieldProblems;
  readonly onChange: (credits: readonly CreditDraft[]) => void;
}

const KINDS = [
  ['CAST', 'Cast'],
  ['CREW', 'Crew'],
] as const;

/** The credits of a film, in their order. */
export const CreditsEditor = ({ credits, problems, onChange }: CreditsEditorProps) => {
  const add = (kind: CreditKind): void => {
    onChange([...credits, { kind, person: undefined, part: '' }]);
  };
  return (
    <fieldset class="credits-editor">
      <legend class="legend">Credits, cast in the order of billing</legend>
      {problems.at('credits') !== undefined && (
        <p class="field__problem">{problems.at('credits')}</p>
      )}
      <ol class="stack">
        {credits.map((credit, position) => (
          <li key={position}>
            <CreditRow
              credit={credit}
              position={position}
              count={credits.length}
              problems={problems}
              onChange={(changed) => {
                onChange(credits.with(position, changed));
              }}
              onMove={(step) => {
                const moved = credits.toSpliced(position, 1);
                onChange(moved.toSpliced(position + step, 0, credit));
              }}
              onRemove={() => {
                onChange(credits.toSpliced(position, 1));
              }}
            />
          </li>
        ))}
      </ol>
      <div class="row">
        <button
          type="button"
          class="button button--small"
          onClick={() => {
            add('CAST');
          }}
        >
          Add to the cast
        </button>
        <button
          type="button"
          class="button button--small"
          onClick={() => {
            add('CREW');
          }}
        >
          Add to the crew
        </button>
      </div>
    </fieldset>
  );
};

interface CreditRowProps {
  readonly credit: CreditDraft;
  readonly position: number;
  readonly count: number;
  readonly problems: FieldProblems;
  readonly onChange: (credit: CreditDraft) => void;
  readonly onMove: (step: -1 | 1) => void;
  readonly onRemove: () => void;
}

const CreditRow = ({
  credit,
  position,
  count,
  problems,
  onChange,
  onMove,
  onRemove,
}: CreditRowProps) => {
  const path = `credits.${String(position)}`;
  const who = credit.person?.name ?? `credit ${String(position + 1)}`;
  const part = credit.kind === 'CAST' ? 'character' : 'job';
  return (
    <div class="credit-row" role="group" aria-label={`Credit ${String(position + 1)}`}>
      <SelectField
        label="Kind"
        value={credit.kind}
        options={KINDS}
        problem={problems.at(`${path}.kind`)}
        onChange={(kind) => {
          onChange({ ...credit, kind });
        }}
      />
      <RecordPicker
        label="Person"
        picked={credit.person}
        search={searchPeople}
        required
        problem={problems.at(`${path}.personId`) ?? problems.at(path)}
        onPick={(person) => {
          onChange({ ...credit, person });
        }}
      />
      <TextField
        label={credit.kind === 'CAST' ? 'Character' : 'Job'}
        value={credit.part}
        problem={problems.at(`${path}.${part}`)}
        onChange={(text) => {
          onChange({ ...credit, part: text });
        }}
      />
      <div class="credit-row__actions">
        <button
          type="button"
          class="button button--bare"
          aria-label={`Move ${who} up`}
          disabled={position === 0}
          onClick={() => {
            onMove(-1);
          }}
        >
          ↑
        </button>
        <button
          type="button"
          class="button button--bare"
          aria-label={`Move ${who} down`}
          disabled={position === count - 1}
          onClick={() => {
            onMove(1);
          }}
        >
          ↓
        </button>
        <button
          type="button"
          class="button button--bare"
          aria-label={`Remove ${who}`}
          onClick={onRemove}
        >
          ×
        </button>
      </div>
    </div>
  );
};
