import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Fails for everything that axe finds wrong with the page as it is now. */
export const expectAccessible = async (page: Page): Promise<void> => {
  // The debugger's door, which the page's policy for scripts does not guard.
  await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>(
    'axe.run().then((found) => found.violations)',
  );
  expect(
    violations.map(({ id, impact, help, nodes }) => ({
      rule: `${id} (${impact ?? 'unknown'}): ${help}`,
      where: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`),
    })),
  ).toEqual([]);
};

/** Fails if the page can be scrolled sideways. */
export const expectNoSidewaysScroll = async (page: Page): Promise<void> => {
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(overflow).toBe(0);
};
