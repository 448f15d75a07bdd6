import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { MarqueeError } from '@marquee/errors';
import { consoleText } from './console-lines.ts';
import type { ProcessSpec } from './process-spec.ts';

/** Runs a program that ends by itself; its output goes to the console. @throws INTERNAL if it fails. */
export const runToEnd = async (
  spec: Pick<ProcessSpec, 'name' | 'command' | 'args' | 'env'>,
  print: (name: string, line: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  const child = spawn(spec.command, spec.args, {
    env: spec.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    signal,
    killSignal: 'SIGTERM',
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      const text = consoleText(line);
      if (text !== null) print(spec.name, text);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) {
    throw new MarqueeError('INTERNAL', { process: spec.name }, { message: `${spec.name} failed` });
  }
};
