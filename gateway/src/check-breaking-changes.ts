import { copyFile, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { breakingChanges } from './breaking-changes.ts';

const RELEASED = fileURLToPath(new URL('../api.released.graphql', import.meta.url));
const CURRENT = fileURLToPath(new URL('../api.graphql', import.meta.url));

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `node gateway/dist/check-breaking-changes.js [--release]`: compares the API schema with the one that
 * clients rely on, and fails if it breaks them; with `--release` the API schema becomes that one.
 */
const run = async (release: boolean): Promise<number> => {
  const found = await breakingChanges(
    await readFile(RELEASED, 'utf8'),
    await readFile(CURRENT, 'utf8'),
  );
  if (release) await copyFile(CURRENT, RELEASED);
  if (found.length === 0) {
    print('gateway/api.graphql breaks nothing that gateway/api.released.graphql promises');
    return 0;
  }
  print('Breaking changes of the API:');
  found.forEach((change) => print(`  ${change}`));
  if (!release) print('If clients are ready for them: npm run release:api (see docs/api.md).');
  return release ? 0 : 1;
};

run(process.argv.includes('--release')).then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    print(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
