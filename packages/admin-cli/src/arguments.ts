import { UsageError } from './usage-error.ts';

/** Exactly these arguments, by name. @throws USAGE */
export const takeArguments = <const Names extends readonly string[]>(
  args: readonly string[],
  names: Names,
): { [Index in keyof Names]: string } => {
  if (args.length !== names.length) {
    const wanted = names.length === 0 ? 'no argument' : names.join(' ');
    throw new UsageError(`expected ${wanted}, got: ${args.join(' ') || 'nothing'}`);
  }
  return [...args] as { [Index in keyof Names]: string };
};

/** Slots as `3,7,10-12`. @throws USAGE */
export const parseSlots = (text: string): number[] =>
  text.split(',').flatMap((part) => {
    const range = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part.trim());
    if (range === null) throw new UsageError(`expected slots as 3,7,10-12, got: ${text}`);
    const from = Number(range[1]);
    const to = Number(range[2] ?? range[1]);
    if (to < from) throw new UsageError(`expected slots as 3,7,10-12, got: ${text}`);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
