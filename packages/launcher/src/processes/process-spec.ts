/** A process as it is to be started; the same again after it ended by itself. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether this line of its output says that it listens. */
  readonly saysListening: (line: string) => boolean;
  /** Answers 200 once it may take traffic; without it, listening is enough. */
  readonly readyUrl?: string;
}

/**
 * Young generation of each child: eleven of them share one machine, and V8's default lets every one
 * keep three times 16 MiB for garbage.
 */
const SEMI_SPACE_MAX_MIB = 4;

/** A built Node program that ends when the launcher does. */
export const nodeProgram = (
  root: string,
  program: {
    name: string;
    script: string;
    args?: readonly string[];
    env: Readonly<Record<string, string>>;
  },
): Pick<ProcessSpec, 'name' | 'command' | 'args' | 'env'> => ({
  name: program.name,
  command: process.execPath,
  args: [
    `--max-semi-space-size=${SEMI_SPACE_MAX_MIB}`,
    '--import',
    `${root}/packages/launcher/bin/die-with-parent.mjs`,
    `${root}/${program.script}`,
    ...(program.args ?? []),
  ],
  env: program.env,
});
