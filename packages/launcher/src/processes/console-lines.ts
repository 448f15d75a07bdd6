import type { WriteStream } from 'node:tty';

const COLOURS = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94, 91];
const NAME_WIDTH = 12;

/** Colour is for people at a terminal who did not say no. */
export const wantsColour = (
  stream: Pick<WriteStream, 'isTTY'>,
  config: { readonly NO_COLOR?: string | undefined; readonly CI?: string | undefined },
): boolean => stream.isTTY && config.NO_COLOR === undefined && config.CI === undefined;

/** Makes a function that puts a process's name before its lines, each process in its own colour. */
export const createPrefixer = (colour: boolean): ((name: string, line: string) => string) => {
  const colours = new Map<string, number>();
  return (name, line) => {
    const padded = name.padEnd(NAME_WIDTH);
    if (!colour) return `${padded} | ${line}`;
    const code = colours.get(name) ?? COLOURS[colours.size % COLOURS.length] ?? 37;
    colours.set(name, code);
    return `\u001b[${code}m${padded} |\u001b[0m ${line}`;
  };
};

interface LogLine {
  readonly level?: unknown;
  readonly msg?: unknown;
  readonly event?: unknown;
  readonly err?: { readonly message?: unknown };
}

/**
 * What of a process's output is worth a line on the console: warnings, errors, and the events of its
 * life. The whole of it is in the log file. Null for a line that only the file gets.
 */
export const consoleText = (line: string): string | null => {
  const entry = parse(line);
  if (entry === undefined) return line.trim() === '' ? null : line;
  const level = typeof entry.level === 'string' ? entry.level : 'info';
  if (entry.event === undefined && !['warn', 'error', 'fatal'].includes(level)) return null;
  const message = typeof entry.msg === 'string' ? entry.msg : '';
  const cause = typeof entry.err?.message === 'string' ? `: ${entry.err.message}` : '';
  return level === 'info' ? message : `${level} ${message}${cause}`;
};

const parse = (line: string): LogLine | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
};
