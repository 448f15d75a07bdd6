import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// A house in small with the real bin/start.mjs, and compilers that only leave what real ones leave.
const root = mkdtempSync(join(tmpdir(), 'build-'));
afterAll(() => rmSync(root, { recursive: true }));

const write = (path: string, text = ''): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

const BUILT_ROOMS = [
  'packages/errors',
  'packages/launcher',
  'subgraphs/movies',
  'gateway',
  'namenode-service',
];

const TSC = `
  const { mkdirSync, readdirSync, statSync, writeFileSync } = require('node:fs');
  for (const room of ${JSON.stringify(BUILT_ROOMS)}) {
    mkdirSync(room + '/dist', { recursive: true });
    const info = room + '/dist/tsconfig.tsbuildinfo';
    const builtMs = statSync(info, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const sources = readdirSync(room + '/src').filter((name) => !name.endsWith('.test.ts'));
    // As the real one does: what is fresh is not touched.
    if (sources.some((name) => statSync(room + '/src/' + name).mtimeMs > builtMs)) writeFileSync(info, '');
  }
  writeFileSync('packages/launcher/dist/main.js', 'console.log("started");');
`;
const VITE = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  mkdirSync('dist', { recursive: true });
  writeFileSync('dist/index.html', '');
`;

beforeAll(() => {
  cpSync(join(__dirname, '../bin'), join(root, 'packages/launcher/bin'), { recursive: true });
  write('package.json', '{ "engines": { "node": ">=20.0.0" } }');
  write('node_modules/typescript/bin/tsc', TSC);
  write('node_modules/vite/bin/vite.js', VITE);
  for (const room of BUILT_ROOMS) {
    write(`${room}/tsconfig.build.json`);
    write(`${room}/src/index.ts`);
  }
  // Bundled by the clients from its source, so that it has no build of its own.
  write('packages/client-kit/src/index.ts');
  for (const client of ['user', 'admin']) {
    write(`clients/${client}/src/main.tsx`);
    write(`clients/${client}/public/icon.svg`);
    write(`clients/${client}/index.html`);
  }
});

const built = (): string[] => {
  const script = join(root, 'packages/launcher/bin/start.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toContain('started');
  return [...stdout.matchAll(/^building (.*) …$/gm)].map(([, what]) => what ?? '');
};

describe('bin/start.mjs', () => {
  it('builds everything at first, and nothing at the next start', () => {
    expect(built()).toEqual(['services', 'user client', 'admin client']);
    expect(built()).toEqual([]);
  });

  it.each([
    ['subgraphs/movies/src/index.ts', ['services']],
    ['packages/client-kit/src/index.ts', ['user client', 'admin client']],
    ['packages/errors/src/index.ts', ['services', 'user client', 'admin client']],
    ['clients/user/public/icon.svg', ['user client']],
    ['clients/admin/src/main.tsx', ['admin client']],
  ])('builds once what a change of %s makes old', (path, expected) => {
    write(path);
    expect(built()).toEqual(expected);
    expect(built()).toEqual([]);
  });

  it('takes no changed test for a reason to build', () => {
    write('gateway/src/gateway.test.ts');
    expect(built()).toEqual([]);
  });
});
