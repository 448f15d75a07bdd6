import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const FOLDER = fileURLToPath(new URL('screenshots/', import.meta.url));

/** Keeps a picture of what the window shows, for people to look at. */
export const screenshot = async (page: Page, name: string): Promise<void> => {
  await mkdir(FOLDER, { recursive: true });
  await page.screenshot({ path: `${FOLDER}${name}.png` });
};
