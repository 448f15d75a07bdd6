import type { Page } from 'playwright-core';
import type { Endpoints } from '../e2e/running-system.ts';

export type Login = Endpoints['logins'][number];

/** The nth demo login of a role, from 0. */
export const loginOf = (system: Endpoints, role: Login['role'], nth = 0): Login => {
  const login = system.logins.filter((candidate) => candidate.role === role)[nth];
  if (!login) throw new Error(`There is no login ${nth} of role ${role}.`);
  return login;
};

/** Fills in and sends the sign-in form that the page shows. */
export const signIn = async (page: Page, login: Pick<Login, 'handle' | 'password'>) => {
  await page.getByLabel('Handle').fill(login.handle);
  await page.getByLabel('Password').fill(login.password);
  await page.locator('form').getByRole('button', { name: 'Sign in' }).click();
};
