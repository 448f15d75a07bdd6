import { chromium, type Browser } from 'playwright-core';
import { START_TIMEOUT_MS, useRunningSystem, type Endpoints } from '../e2e/running-system.ts';
import { findChromium } from './find-chromium.ts';
import { createVisits, type Visits } from './visits.ts';

/** A story of many steps on a machine that is busy with other tests. */
const TEST_TIMEOUT_MS = 90_000;

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

export interface Stage {
  readonly system: () => Endpoints;
  readonly visits: () => Visits;
}

/**
 * Tests that work through the pages in a real browser against the running system. Without a
 * Chromium they are left out, and say so. After each test no page may have complained, nor have
 * asked anyone but the gateway.
 */
export const describeInBrowser = (name: string, tests: (stage: Stage) => void): void => {
  const executablePath = findChromium(process.env);
  if (executablePath === undefined) {
    process.stderr.write(
      `\n*** BROWSER TESTS SKIPPED: ${name} ***\n` +
        `*** There is no Chromium. Install it (Debian: apt-get install chromium), ***\n` +
        `*** or let CHROMIUM_PATH name one.                                       ***\n\n`,
    );
    describe.skip(`${name} (SKIPPED: no Chromium)`, () => {
      tests({ system: notThere, visits: notThere });
    });
    return;
  }

  describe(name, () => {
    let system: Endpoints | undefined;
    let browser: Browser | undefined;
    let visits: Visits | undefined;
    jest.setTimeout(TEST_TIMEOUT_MS);

    beforeAll(async () => {
      system = (await useRunningSystem()).endpoints();
      browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    }, START_TIMEOUT_MS);

    beforeEach(() => {
      visits = createVisits(open(browser), open(system));
    });

    afterEach(async () => {
      await visits?.end();
    });

    afterAll(async () => {
      await browser?.close();
    });

    tests({ system: () => open(system), visits: () => open(visits) });
  });
};

const open = <Thing>(thing: Thing | undefined): Thing => {
  if (thing === undefined) throw new Error('This is there only while a test runs.');
  return thing;
};

const notThere = (): never => {
  throw new Error('A skipped test was run.');
};
