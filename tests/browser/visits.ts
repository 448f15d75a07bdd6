import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Endpoints } from '../e2e/running-system.ts';

/** Long enough for a busy machine; what is there earlier is taken earlier. */
const STEP_TIMEOUT_MS = 15_000;

/** The browser windows of one test. Each is somebody else's: it shares nothing with the others. */
export interface Visits {
  open(options?: BrowserContextOptions): Promise<Page>;
  /** A complaint that a test brings about on purpose. */
  allow(complaint: RegExp): void;
  /** Closes them all; rejects if a page complained, or asked anyone but the gateway. */
  end(): Promise<void>;
}

export const createVisits = (browser: Browser, system: Endpoints): Visits => {
  const contexts: BrowserContext[] = [];
  const pages: Page[] = [];
  const complaints: string[] = [];
  const allowed: RegExp[] = [];
  const { origin } = new URL(system.gateway);

  return {
    open: async (options = {}) => {
      const context = await browser.newContext({
        viewport: { width: 1200, height: 900 },
        locale: 'en-GB',
        ...options,
      });
      contexts.push(context);
      context.setDefaultTimeout(STEP_TIMEOUT_MS);
      const page = await context.newPage();
      pages.push(page);
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.origin !== origin) complaints.push(`A request left the gateway: ${url.href}`);
      });
      return page;
    },
    allow: (complaint) => {
      allowed.push(complaint);
    },
    end: async () => {
      // What a test still holds up has nobody waiting for it any more.
      await Promise.all(pages.map((page) => page.unrouteAll({ behavior: 'ignoreErrors' })));
      await Promise.all(contexts.map((context) => context.close()));
      expect(complaints.filter((text) => !allowed.some((fits) => fits.test(text)))).toEqual([]);
    },
  };
};
