import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { composeSubgraphs, readSubgraphs } from './compose.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `node gateway/dist/compose-supergraph.js [--check]`: writes the supergraph and the API schema, or
 * with `--check` only compares them with what is checked in and fails if they differ.
 */
const run = async (check: boolean): Promise<number> => {
  const composition = composeSubgraphs(await readSubgraphs(fromRoot('supergraph.yaml')));
  if (composition.status === 'failed') {
    print('The subgraphs do not compose:');
    composition.errors.forEach((error) => print(`  ${error}`));
    return 1;
  }
  composition.hints.forEach((hint) => print(`hint ${hint}`));
  const files = [
    { path: 'gateway/supergraph.graphql', text: composition.supergraphSdl },
    { path: 'gateway/api.graphql', text: composition.apiSdl },
  ];
  const statuses = await Promise.all(
    files.map(async ({ path, text }) => {
      const previous = await readFile(fromRoot(path), 'utf8').catch(() => undefined);
      if (previous === text) return { path, status: 'up to date' } as const;
      if (!check) await writeFile(fromRoot(path), text);
      return { path, status: check ? 'OUT OF DATE' : 'written' } as const;
    }),
  );
  statuses.forEach(({ path, status }) => print(`${path}: ${status}`));
  if (!statuses.some(({ status }) => status === 'OUT OF DATE')) return 0;
  print('Run `npm run compose` and commit what it writes.');
  return 1;
};

run(process.argv.includes('--check')).then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    print(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
