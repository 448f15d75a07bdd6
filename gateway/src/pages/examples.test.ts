import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';
import { readExamples } from './examples.ts';

const fromRoot = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url));

describe('readExamples', () => {
  const gallery = readExamples(fromRoot('docs/queries'));

  it('finds the gallery, each operation valid for the API', () => {
    const schema = buildSchema(readFileSync(fromRoot('gateway/api.graphql'), 'utf8'));
    expect(gallery.length).toBeGreaterThanOrEqual(20);
    for (const { name, query } of gallery) {
      expect({ name, errors: validate(schema, parse(query)) }).toEqual({ name, errors: [] });
    }
  });

  it('finds nothing that docs/api.md does not explain', () => {
    const text = readFileSync(fromRoot('docs/api.md'), 'utf8');
    const linked = [...text.matchAll(/\(queries\/([a-z-]+)\.graphql\)/g)].map(([, name]) => name);
    expect([...new Set(linked)].sort()).toEqual(gallery.map(({ name }) => name));
  });

  it('takes the comments before an operation for its purpose, and names a file without them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'marquee-examples-'));
    try {
      writeFileSync(
        join(folder, 'b.graphql'),
        '# Two\n# lines.\n# Signed in as: user\n{ me { id } }',
      );
      expect(readExamples(folder)).toMatchObject([
        { name: 'b', about: 'Two lines.', signedInAs: 'user' },
      ]);
      writeFileSync(join(folder, 'a.graphql'), '# What?\n{ me { id } }');
      expect(() => readExamples(folder)).toThrow(/a\.graphql/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
