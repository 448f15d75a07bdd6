import type { Page } from 'playwright-core';
import type { Login } from './system-under-test.ts';

/** Fills in and sends the sign-in form that the page shows. */
export const signIn = async (page: Page, login: Pick<Login, 'handle' | 'password'>) => {
  await page.getByLabel('Handle').fill(login.handle);
  await page.getByLabel('Password').fill(login.password);
  await page.locator('form').getByRole('button', { name: 'Sign in' }).click();
};
