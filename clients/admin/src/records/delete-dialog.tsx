import { Modal } from '@marquee/client-kit';

export interface DeleteDialogProps {
  readonly name: string;
  readonly note: string;
  readonly busy: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

export const DeleteDialog = ({ name, note, busy, onConfirm, onCancel }: DeleteDialogProps) => (
  <Modal title={`Delete ${name}?`} onClose={onCancel}>
    <p>{note}</p>
    <div class="row">
      <button
        type="button"
        class="button button--danger"
        aria-disabled={busy}
        onClick={() => {
          if (!busy) onConfirm();
        }}
      >
        {busy ? 'Deleting…' : 'Delete'}
      </button>
      <button type="button" class="button" onClick={onCancel}>
        Keep it
      </button>
    </div>
  </Modal>
);
