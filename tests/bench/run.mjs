// npm run bench -- NAME [options]: runs one benchmark; its last line is `bench NAME: figure value, …`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const [name, ...options] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`usage: npm run bench -- NAME; there are: ${names.join(', ')}`);
  process.exit(2);
}

const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

const bench = `${folder}${name}`;
if (existsSync(`${bench}/tsconfig.build.json`)) {
  const typescript = fileURLToPath(
    new URL('../../node_modules/typescript/bin/tsc', import.meta.url),
  );
  run(typescript, '-b', `${bench}/tsconfig.build.json`);
  run(`${bench}/dist/${name}.js`, ...options);
} else {
  run(`${bench}/run.mjs`, ...options);
}
