import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * The raw rows of vega-datasets' `data/movies.json`. The package's own entry point would fetch
 * them from a CDN, and the file is not exported, so it is found beside the entry point.
 */
export const readMovieRows = (): readonly unknown[] => {
  const entryPoint = createRequire(import.meta.url).resolve('vega-datasets');
  const file = new URL('../data/movies.json', pathToFileURL(entryPoint));
  return JSON.parse(readFileSync(file, 'utf8')) as unknown[];
};
