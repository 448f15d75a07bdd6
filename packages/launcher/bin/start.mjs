// `npm start`: builds what is not built, then hands over to the launcher proper. Plain JavaScript on
// Node's own modules, since it runs before anything is built and on Nodes that are too old.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const fail = (message) => {
  console.error(`marquee: ${message}`);
  process.exit(1);
};

const atLeast = (version, minimum) => {
  const [a, b] = [version, minimum].map((text) => text.replace(/^\D*/, '').split('.').map(Number));
  const differing = a.findIndex((part, i) => part !== b[i]);
  return differing === -1 || a[differing] > b[differing];
};

const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
if (!atLeast(process.versions.node, engines.node)) {
  fail(`Node ${engines.node} is needed; this is ${process.version}.`);
}
if (!existsSync(join(root, 'node_modules'))) fail('nothing is installed yet: run `npm ci` first.');

const run = (what, script, args, cwd) => {
  const startedAt = Date.now();
  console.log(`building ${what} …`);
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd, stdio: 'inherit' });
  if (status !== 0) fail(`building ${what} failed.`);
  console.log(`built ${what} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
};

const newestMs = (path) => {
  if (!existsSync(path)) return 0;
  // Tests are built by nobody: one that is newer than the build does not make it old.
  if (path.endsWith('.test.ts') || path.endsWith('.test.tsx')) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
};

const isStale = (output, sources) => {
  if (!existsSync(output)) return true;
  return Math.max(...sources.map(newestMs)) > statSync(output).mtimeMs;
};

const typescript = join(root, 'node_modules/typescript/bin/tsc');
const stamp = join(root, 'packages/launcher/dist/main.js');
const rooms = [
  ...['packages', 'subgraphs'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(root, folder, name)),
  ),
  join(root, 'gateway'),
  join(root, 'namenode-service'),
].filter((room) => existsSync(join(room, 'tsconfig.build.json')));
const isUnbuilt = (room) => isStale(join(room, 'dist/tsconfig.tsbuildinfo'), [join(room, 'src')]);
if (!existsSync(stamp) || rooms.some(isUnbuilt)) {
  // Types are checked by `npm run check`; here only what runs is wanted, and `-b` skips what is fresh.
  run('services', typescript, ['-b', '--noCheck', 'tsconfig.build.json'], root);
}
// Each client bundles these.
const bundledRooms = ['client-kit', 'errors'].map((name) => join(root, 'packages', name, 'src'));
for (const client of ['user', 'admin']) {
  const folder = join(root, 'clients', client);
  const inputs = [
    ...['src', 'public', 'index.html', 'vite.config.ts'].map((name) => join(folder, name)),
    ...bundledRooms,
  ];
  if (isStale(join(folder, 'dist/index.html'), inputs)) {
    run(
      `${client} client`,
      join(root, 'node_modules/vite/bin/vite.js'),
      ['build', '--logLevel', 'warn'],
      folder,
    );
  }
}

await import(pathToFileURL(stamp).href);
