/** What scripts can rely on. */
export const EXIT = {
  done: 0,
  /** The operation was undone, or the check has found something. */
  failed: 1,
  /** The command line is not understood. */
  usage: 2,
  /** No NameNode answers. */
  unreachable: 3,
  /** The NameNode has refused; its code is in the message. */
  refused: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
