import type { Page } from 'playwright-core';
import { signedIn } from '../e2e/graph-client.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessibility.ts';
import { describeInBrowser } from './describe-in-browser.ts';
import { filmsWithCast, type FilmWithCast } from './films.ts';
import { screenshot } from './screenshot.ts';
import { loginOf, signIn } from './sign-in.ts';

const PHONE = { viewport: { width: 360, height: 740 } };

/** No two runs against the same system get in each other's way. */
const unique = (): string => Date.now().toString(36) + Math.random().toString(36).slice(2, 6);

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const notice = (page: Page, text: string) => page.getByRole('status').getByText(text);
const rowOf = (page: Page, name: string) => page.getByRole('row', { name });
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true });

/** Types into a picker and takes the first record that is offered. */
const pick = async (page: Page, picker: ReturnType<Page['getByRole']>, text: string) => {
  await picker.fill(text);
  await page.getByRole('option').filter({ hasText: text }).first().waitFor();
  await picker.press('Enter');
};

describeInBrowser('the admin client', ({ system, visits }) => {
  let films: readonly FilmWithCast[];

  const film = (position = 0): FilmWithCast => {
    const found = films[position];
    if (!found) throw new Error('There are too few films with a cast.');
    return found;
  };

  /** The table of a collection, as an admin who has just signed in sees it. */
  const openTable = async (title: string, options?: Parameters<typeof visit>[0]): Promise<Page> => {
    const page = await visit(options);
    await page.goto(system().admin);
    await signIn(page, loginOf(system(), 'ADMIN'));
    await page.getByRole('link', { name: title, exact: true }).click();
    await heading(page, title).waitFor();
    return page;
  };

  const visit = (options?: Parameters<ReturnType<typeof visits>['open']>[0]) =>
    visits().open(options);

  const deleteRow = async (page: Page, name: string): Promise<void> => {
    await page.getByRole('button', { name: `Delete ${name}` }).click();
    await page.getByRole('dialog', { name: `Delete ${name}?` }).waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await notice(page, `${name} is deleted.`).waitFor();
    await rowOf(page, name).waitFor({ state: 'detached' });
  };

  beforeAll(async () => {
    films = await filmsWithCast(system());
  });

  it('turns a user away in a clear sentence, at the door and with a session', async () => {
    const user = loginOf(system(), 'USER', 1);
    const page = await visit();
    await page.goto(system().admin);
    await screenshot(page, 'admin-sign-in');
    await signIn(page, user);
    await page.getByRole('alert').getByText(`(${user.handle}) is a user, not an admin.`).waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    await screenshot(page, 'admin-turned-away');

    await page.goto(system().user);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await signIn(page, user);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await page.goto(system().admin);
    await heading(page, 'Admins only').waitFor();
    await page.getByText(`(${user.handle}) is a user, not an admin.`).waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
    await heading(page, 'Sign in as an admin').waitFor();
  });

  it('adds a film with its cast, edits it, deletes it and brings it back', async () => {
    const title = `The Test of ${unique()}`;
    const page = await openTable('Films');
    await page.getByRole('link', { name: 'Add a film' }).click();
    await page.getByLabel('Title', { exact: true }).fill(title);
    await page.getByLabel('Year').fill('1999');
    await page.getByLabel('Genres').fill('Drama, Mystery');
    await page.getByRole('button', { name: 'Add to the cast' }).click();
    await pick(page, page.getByRole('combobox', { name: 'Person' }), film().star.name);
    await page.getByLabel('Character').fill('The Tester');
    await page.getByLabel('Rating').fill('7.5');
    await page.getByLabel('Votes').fill('12');
    await page.getByLabel('Popularity').fill('3.25');
    await page.getByLabel('Ids elsewhere').fill('imdb: tt0000001\ntmdb: 42');
    await screenshot(page, 'admin-film-new');
    await save(page).click();
    await notice(page, `${title} is saved.`).waitFor();

    await page.getByRole('searchbox').fill(title);
    await rowOf(page, title).getByText('Drama, Mystery').waitFor();
    await page.getByRole('link', { name: title }).click();
    await heading(page, title).waitFor();
    expect(await page.getByLabel('Character').inputValue()).toBe('The Tester');
    const person = page.getByRole('combobox', { name: 'Person' });
    expect(await person.inputValue()).toBe(film().star.name);
    for (const [label, value] of [
      ['Rating', '7.5'],
      ['Votes', '12'],
      ['Popularity', '3.25'],
      ['Ids elsewhere', 'imdb: tt0000001\ntmdb: 42'],
    ] as const) {
      expect(await page.getByLabel(label).inputValue()).toBe(value);
    }
    await page.getByLabel('Runtime in minutes').fill('101');
    await page.getByLabel('Genres').fill('Drama');
    await save(page).click();
    await notice(page, `${title} is saved.`).waitFor();
    await rowOf(page, title).getByText('Drama', { exact: true }).waitFor();

    await deleteRow(page, title);
    await screenshot(page, 'admin-film-deleted');
    await page.getByRole('button', { name: 'Undo' }).click();
    await notice(page, `${title} is back.`).waitFor();
    await rowOf(page, title).waitFor();
    await page.goto(system().user);
    await page.getByRole('searchbox').fill(title);
    await page.getByRole('link', { name: title }).click();
    await page.getByText('1999 · 1 h 41 min').waitFor();
    await page.getByText('The Tester').waitFor();

    await page.goto(`${system().admin}movies?q=${encodeURIComponent(title)}`);
    await deleteRow(page, title);
  });

  it('shows what is wrong at the field that is wrong', async () => {
    const page = await openTable('Films');
    await page.getByRole('link', { name: 'Add a film' }).click();
    await page.getByLabel('Title', { exact: true }).fill('x'.repeat(301));
    await page.getByLabel('Year').fill('1700');
    await save(page).click();
    await page.getByRole('alert').getByText('Not saved').waitFor();
    for (const label of ['Title', 'Year']) {
      const field = page.getByLabel(label, { exact: true });
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      const described = await field.getAttribute('aria-describedby');
      expect((await page.locator(`[id="${described ?? ''}"]`).innerText()).length).toBeGreaterThan(
        5,
      );
    }
    await expectAccessible(page);
    await screenshot(page, 'admin-film-invalid');
  });

  it('shows both versions when somebody else was faster, and lets the admin choose', async () => {
    const other = await signedIn(system(), { role: 'ADMIN' });
    const title = `Conflict ${unique()}`;
    const { created } = (await other.ask(
      `mutation ($title: String!) { created: createMovie(input: { title: $title, year: 1990 }) {
        ... on MovieSaved { movie { id } } } }`,
      { title },
    )) as { created: { movie: { id: string } } };
    const { id } = created.movie;
    const changeBehind = (tagline: string, year: number) =>
      other.ask(
        `mutation ($id: ID!, $tagline: String!, $year: Int!) {
          updateMovie(id: $id, input: { tagline: $tagline, year: $year }) { __typename } }`,
        { id, tagline, year },
      );

    const page = await openTable('Films');
    await page.getByRole('searchbox').fill(title);
    await page.getByRole('link', { name: title }).click();
    await heading(page, title).waitFor();
    await changeBehind('Theirs.', 1991);
    await page.getByLabel('Year').fill('1992');
    await save(page).click();
    const conflict = page.getByRole('region', { name: 'Somebody else changed this' });
    await conflict.getByRole('row', { name: 'Year 1992 1991' }).waitFor();
    await conflict.getByRole('row', { name: 'Tagline Theirs.' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'admin-conflict');
    await page.getByRole('button', { name: 'Save my changes over theirs' }).click();
    await notice(page, `${title} is saved.`).waitFor();

    await page.getByRole('link', { name: title }).click();
    await heading(page, title).waitFor();
    expect(await page.getByLabel('Year').inputValue()).toBe('1992');
    expect(await page.getByLabel('Tagline').inputValue()).toBe('Theirs.');
    await changeBehind('Theirs again.', 1993);
    await page.getByLabel('Year').fill('1994');
    await save(page).click();
    await page.getByRole('button', { name: 'Drop mine, take theirs' }).click();
    expect(await page.getByLabel('Year').inputValue()).toBe('1993');
    await save(page).click();
    await notice(page, `Nothing was changed in ${title}.`).waitFor();

    // The list is as old as its loading: a film changed since is not deleted unseen.
    await rowOf(page, title).waitFor();
    await changeBehind('Changed again.', 1995);
    await page.getByRole('button', { name: `Delete ${title}` }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('alert').getByText(`${title} was not deleted.`).waitFor();
    await rowOf(page, title).getByText('1995').waitFor();
    await deleteRow(page, title);
  });

  it('adds a person, edits them and deletes them', async () => {
    const name = `Person ${unique()}`;
    const page = await openTable('People');
    await page.getByRole('link', { name: 'Add a person' }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Day of birth').fill('1950-02-03');
    await save(page).click();
    await notice(page, `${name} is saved.`).waitFor();
    await page.getByRole('searchbox').fill(name);
    await rowOf(page, name).getByText('1950-02-03').waitFor();
    await page.getByRole('link', { name }).click();
    await page.getByLabel('Day of death').fill('1949-01-01');
    await save(page).click();
    await page.locator('[aria-invalid="true"]').waitFor();
    await page.getByLabel('Day of death').fill('2001-01-01');
    await page.getByLabel('Also known as').fill('The First, The Second');
    await save(page).click();
    await rowOf(page, name).getByText('2001-01-01').waitFor();
    await screenshot(page, 'admin-people');
    await deleteRow(page, name);
  });

  it('adds a user who can sign in then, and deletes them', async () => {
    const handle = `t${unique()}`;
    const page = await openTable('Users');
    await screenshot(page, 'admin-users');
    await page.getByRole('link', { name: 'Add a user' }).click();
    await page.getByLabel('Handle').fill('Not A Handle');
    await page.getByLabel('Display name').fill('Test User');
    await page.getByLabel('New password').fill('a long password');
    await save(page).click();
    await page.locator('[aria-invalid="true"]').first().waitFor();
    await screenshot(page, 'admin-user-invalid');
    await page.getByLabel('Handle').fill(handle);
    await page.getByLabel('E-mail').fill(`${handle}@example.org`);
    await save(page).click();
    await notice(page, 'Test User is saved.').waitFor();
    await page.getByRole('searchbox').fill(handle);
    await rowOf(page, handle).getByText(`${handle}@example.org`).waitFor();

    const theirs = await visit();
    await theirs.goto(system().user);
    await theirs.getByRole('button', { name: 'Sign in' }).click();
    await signIn(theirs, { handle, password: 'a long password' });
    await theirs.getByText('Test User').waitFor();

    await page.getByRole('link', { name: handle }).click();
    await heading(page, 'Test User').waitFor();
    expect(await page.getByLabel('Handle').isDisabled()).toBe(true);
    await page.getByLabel('Display name').fill('Renamed User');
    await save(page).click();
    await rowOf(page, handle).getByText('Renamed User').waitFor();
    await page.getByRole('button', { name: 'Delete Renamed User' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await rowOf(page, handle).waitFor({ state: 'detached' });
  });

  it('sets an interaction, changes it, deletes it and puts it back', async () => {
    const { handle } = loginOf(system(), 'USER', 1);
    const page = await openTable('Interactions');
    await page.locator('tbody tr').first().waitFor();
    await screenshot(page, 'admin-interactions');
    await page.getByRole('link', { name: 'Add an interaction' }).click();
    await pick(page, page.getByRole('combobox', { name: 'Film' }), film(1).title);
    await pick(page, page.getByRole('combobox', { name: 'User' }), handle);
    await page.getByLabel('Reaction').selectOption('Dislike');
    await save(page).click();
    await notice(page, 'is saved.').waitFor();

    await pick(page, page.getByRole('combobox', { name: 'User' }), handle);
    await pick(page, page.getByRole('combobox', { name: 'Film' }), film(1).title);
    const row = rowOf(page, film(1).title);
    await row.getByText('Dislike', { exact: true }).waitFor();
    await row.getByRole('link').click();
    await page.getByLabel('Reaction').selectOption('Like');
    await save(page).click();
    await row.getByText('Like', { exact: true }).waitFor();

    await row.getByRole('button', { name: /^Delete/ }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('Nothing fits.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.getByText('Like', { exact: true }).waitFor();
  });

  it('turns the pages of a table and comes back to the one it left', async () => {
    const page = await openTable('Films');
    const range = page.getByRole('navigation', { name: 'Pages' }).getByRole('status');
    await range.getByText(/^1–25 of/).waitFor();
    expect(await page.getByRole('button', { name: 'Previous' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Next' }).click();
    await range.getByText(/^26–50 of/).waitFor();
    const link = page.locator('tbody a').nth(3);
    const title = await link.innerText();
    await link.click();
    await heading(page, title).waitFor();
    await page.getByRole('link', { name: 'Cancel' }).click();
    await range.getByText(/^26–50 of/).waitFor();
    await page.getByRole('link', { name: title }).first().waitFor();
    await page.getByRole('button', { name: 'Previous' }).click();
    await range.getByText(/^1–25 of/).waitFor();
  });

  it.each(['light', 'dark'] as const)('is accessible in the %s scheme', async (colorScheme) => {
    const page = await visit({ colorScheme });
    await page.goto(system().admin);
    await page.getByLabel('Handle').waitFor();
    await expectAccessible(page);
    await signIn(page, loginOf(system(), 'ADMIN'));
    for (const title of ['Films', 'People', 'Users', 'Interactions']) {
      await page.getByRole('link', { name: title, exact: true }).click();
      await heading(page, title).waitFor();
      await page.locator('tbody tr').first().waitFor();
      await expectAccessible(page);
    }
    await page.getByRole('link', { name: 'Films', exact: true }).click();
    await page
      .getByRole('button', { name: /^Delete/ })
      .first()
      .click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Keep it' }).click();
    await screenshot(page, `admin-films-${colorScheme}`);
    await page.getByRole('searchbox').fill(film().title);
    await page.getByRole('link', { name: film().title, exact: true }).first().click();
    await heading(page, film().title).waitFor();
    const person = page.getByRole('combobox', { name: 'Person' }).first();
    await person.fill(film().star.name.slice(0, 4));
    await page.getByRole('listbox').getByRole('option').first().waitFor();
    await expectAccessible(page);
    await screenshot(page, `admin-film-${colorScheme}`);
  });

  it('fits a phone', async () => {
    const page = await openTable('Films', PHONE);
    await page.locator('tbody tr').first().waitFor();
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'admin-films-phone');
    await page.locator('tbody a').first().click();
    await save(page).waitFor();
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'admin-film-phone');
  });
});
