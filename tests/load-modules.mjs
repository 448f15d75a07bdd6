// Loads TypeScript sources straight into memory, patched where asked: so every mutant is a copy of the
// product with one mistake in it, and the files stay as they are.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { transformSync } from '@swc/core';

const HOUSE = '@marquee/';

/** Transpiled sources, shared by all loaders of a thread. */
const transpiled = new Map();

/**
 * @param {{
 *   root: string,
 *   patches?: readonly { file: string, find: string, replace: string }[],
 *   substitutes?: Readonly<Record<string, string>>,
 * }} options Paths are relative to `root`. A patch's `find` must occur exactly once in its file.
 * @returns {(file: string) => Record<string, unknown>} Loads a module and what it imports, once each.
 */
export const createLoader = ({ root, patches = [], substitutes = {} }) => {
  const modules = new Map();

  const load = (path) => {
    const known = modules.get(path);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(path, module);
    const file = relative(root, path);
    const mine = patches.filter((patch) => patch.file === file);
    const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];
    const run = compileFunction(transpile(path, mine), parameters, { filename: path });
    run(module.exports, requireFrom(path), module, path, dirname(path));
    return module.exports;
  };

  const requireFrom = (importer) => {
    const requireOther = createRequire(importer);
    return (specifier) => {
      const path = pathOf(specifier, importer);
      if (path === undefined) return requireOther(specifier);
      const substitute = substitutes[relative(root, path)];
      return load(substitute === undefined ? path : join(root, substitute));
    };
  };

  const pathOf = (specifier, importer) => {
    if (specifier.startsWith('.')) return resolve(dirname(importer), specifier);
    return specifier.startsWith(HOUSE) ? sourceOf(root, specifier) : undefined;
  };

  return (file) => load(join(root, file));
};

/** The source behind the `source` condition of a package of the house. */
const sourceOf = (root, specifier) => {
  const [name, ...rest] = specifier.slice(HOUSE.length).split('/');
  const folder = [join(root, 'packages', name), join(root, name)].find((path) => existsSync(path));
  if (folder === undefined) throw new Error(`there is no package ${specifier}`);
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const entry = exports[['.', ...rest].join('/')];
  if (entry === undefined) throw new Error(`${specifier} is not exported`);
  return join(folder, entry.source);
};

const transpile = (path, patches) => {
  const key = `${path}\0${JSON.stringify(patches)}`;
  const known = transpiled.get(key);
  if (known !== undefined) return known;
  const source = patches.reduce(patched, readFileSync(path, 'utf8'));
  const { code } = transformSync(source, {
    filename: path,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
    sourceMaps: false,
  });
  transpiled.set(key, code);
  return code;
};

const patched = (source, { file, find, replace }) => {
  const occurrences = source.split(find).length - 1;
  if (occurrences === 1) return source.replace(find, () => replace);
  throw new StalePatch(`${file} holds ${occurrences} times: ${find}`);
};

/** The source that a patch was written for has changed. */
export class StalePatch extends Error {
  code = 'STALE_PATCH';
}
