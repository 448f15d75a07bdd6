import { Notice, useRouter } from '@marquee/client-kit';
import { useEffect, useRef } from 'preact/hooks';
import { useFlash } from '../flash.tsx';
import { tablePath } from '../paths.ts';
import type { Collection, StoredRecord } from './collection.ts';
import { ConflictPanel } from './conflict-panel.tsx';
import { recallTable } from './table-memory.ts';
import { useRecordEditor } from './use-record-editor.ts';

export interface RecordFormProps<Row, Draft extends object> {
  readonly collection: Collection<Row, Draft>;
  readonly stored: StoredRecord<Draft> | undefined;
}

export const RecordForm = <Row, Draft extends object>({
  collection,
  stored,
}: RecordFormProps<Row, Draft>) => {
  const { slug, fields } = collection;
  const router = useRouter();
  const flash = useFlash();
  const form = useRef<HTMLFormElement>(null);
  const tableAddress = tablePath(slug, recallTable(slug).search);
  const editor = useRecordEditor(collection, stored, (name, changed) => {
    // First there, then the message: it belongs to the table.
    router.go(tableAddress);
    flash.show(
      changed
        ? { tone: 'success', text: `${name} is saved.` }
        : { tone: 'info', text: `Nothing was changed in ${name}.` },
    );
  });

  useEffect(() => {
    // The first field that is wrong, or the notice where no field is.
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [editor.problems]);

  return (
    <form
      ref={form}
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        editor.save();
      }}
    >
      {editor.notice !== undefined && <Notice tone="danger">{editor.notice}</Notice>}
      {editor.conflict && (
        <ConflictPanel
          fields={fields}
          base={editor.base}
          yours={editor.draft}
          theirs={editor.conflict}
          onKeepYours={editor.keepYours}
          onTakeTheirs={editor.takeTheirs}
        />
      )}
      <div class="form-grid">
        {fields.map((field) => (
          <div key={field.name} class={field.wide ? 'form-grid__wide' : undefined}>
            {field.render({
              draft: editor.draft,
              change: editor.change,
              problems: editor.problems,
              isNew: stored === undefined,
            })}
          </div>
        ))}
      </div>
      <div class="form-actions row">
        <button type="submit" class="button button--primary" aria-disabled={editor.busy}>
          {editor.busy ? 'Saving…' : 'Save'}
        </button>
        <a class="button" href={tableAddress}>
          Cancel
        </a>
      </div>
    </form>
  );
};
