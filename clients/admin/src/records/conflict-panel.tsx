import { useEffect, useRef } from 'preact/hooks';
import { differences } from './compare-drafts.ts';
import type { StoredRecord } from './collection.ts';
import type { FormField } from './form-field.ts';

export interface ConflictPanelProps<Draft extends object> {
  readonly fields: readonly FormField<Draft>[];
  readonly base: Draft;
  readonly yours: Draft;
  readonly theirs: StoredRecord<Draft>;
  readonly onKeepYours: () => void;
  readonly onTakeTheirs: () => void;
}

/** Shows what two admins made of the same record, and lets this one choose. */
export const ConflictPanel = <Draft extends object>({
  fields,
  base,
  yours,
  theirs,
  onKeepYours,
  onTakeTheirs,
}: ConflictPanelProps<Draft>) => {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    title.current?.focus();
  }, []);
  const differing = differences(base, yours, theirs.draft);
  return (
    <section class="conflict stack" aria-labelledby="conflict-title">
      <h2 id="conflict-title" tabIndex={-1} ref={title}>
        Somebody else changed this in the meantime
      </h2>
      <p>
        Nothing was saved. It is now at revision {theirs.revision}. Marked values differ from what
        you began with.
      </p>
      <div class="table-frame">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Yours</th>
              <th scope="col">Stored now</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => {
              const difference = differing.find(({ name }) => name === field.name);
              return (
                difference && (
                  <tr key={field.name}>
                    <th scope="row">{field.label}</th>
                    <Version text={field.read(yours)} changed={difference.yours} />
                    <Version text={field.read(theirs.draft)} changed={difference.theirs} />
                  </tr>
                )
              );
            })}
          </tbody>
        </table>
      </div>
      <div class="row">
        <button type="button" class="button button--primary" onClick={onKeepYours}>
          Save my changes over theirs
        </button>
        <button type="button" class="button" onClick={onTakeTheirs}>
          Drop mine, take theirs
        </button>
      </div>
      <p class="soft small">
        Saving yours changes only the fields marked in your column; the others stay as they stored
        them.
      </p>
    </section>
  );
};

const Version = ({ text, changed }: { text: string; changed: boolean }) => (
  <td class="conflict__version">
    {changed ? <mark>{text === '' ? '(empty)' : text}</mark> : text}
  </td>
);
