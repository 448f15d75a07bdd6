import { MarqueeError } from '@marquee/errors';
import type { Edit } from './edit.ts';

/**
 * An edit that does not fit the state before it. The leader applies an edit before it appends it, so
 * that the log never holds one; in the log it would mean a directory that must not be served.
 */
export const invalidEdit = (edit: Edit, reason: string): MarqueeError =>
  new MarqueeError(
    'INTERNAL',
    { edit: edit.number, kind: edit.change.kind, reason },
    { message: `edit ${String(edit.number)} (${edit.change.kind}): ${reason}` },
  );
