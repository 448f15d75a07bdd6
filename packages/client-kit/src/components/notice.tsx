import type { ComponentChildren } from 'preact';

export interface NoticeProps {
  readonly tone: 'info' | 'success' | 'warning' | 'danger';
  readonly children: ComponentChildren;
  /** What can be done about it. */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
  readonly onDismiss?: (() => void) | undefined;
}

/** Something to know. Trouble interrupts a screen reader, good news waits until it pauses. */
export const Notice = ({ tone, children, action, onDismiss }: NoticeProps) => (
  <div class={`notice notice--${tone}`} role={tone === 'danger' ? 'alert' : 'status'}>
    <div class="notice__text">{children}</div>
    {action && (
      <button type="button" class="button button--small" onClick={action.run}>
        {action.label}
      </button>
    )}
    {onDismiss && (
      <button type="button" class="button button--bare" aria-label="Dismiss" onClick={onDismiss}>
        ×
      </button>
    )}
  </div>
);
