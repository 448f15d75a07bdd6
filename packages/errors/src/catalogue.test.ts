import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from './catalogue.ts';

it('is documented: docs/errors.md has a row for every code, and for no other', () => {
  const page = readFileSync(join(__dirname, '../../../docs/errors.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` +\| (\d+) +\| (yes|no) +\| (.+?) +\|$/gm)];
  const documented = Object.fromEntries(
    rows.map(([, code, status, retryable, meaning]) => [
      code,
      { httpStatus: Number(status), retryable: retryable === 'yes', meaning },
    ]),
  );
  expect(documented).toEqual(CATALOGUE);
});
