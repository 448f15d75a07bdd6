import type { Page } from 'playwright-core';
import { signedIn } from '../e2e/graph-client.ts';
import { until } from '../e2e/until.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessibility.ts';
import { describeInBrowser } from './describe-in-browser.ts';
import { filmsWithCast, type FilmWithCast } from './films.ts';
import { screenshot } from './screenshot.ts';
import { loginOf, signIn } from './sign-in.ts';

const PHONE = { viewport: { width: 360, height: 740 } };

const like = (page: Page) => page.getByRole('button', { name: /^Like/ });
const dislike = (page: Page) => page.getByRole('button', { name: /^Dislike/ });
const searchBox = (page: Page) => page.getByRole('searchbox');

/** The number on a reaction's button. */
const countOn = async (button: ReturnType<typeof like>): Promise<number> =>
  Number(/[\d,]+$/.exec((await button.innerText()).trim())?.[0].replaceAll(',', ''));

/** The graph's answer to the next operation of this name. */
const answerTo = (page: Page, operation: string) =>
  page.waitForResponse((response) => response.request().postData()?.includes(operation) ?? false);

const tileOf = (page: Page, film: FilmWithCast) =>
  page.locator(`main a[href="/movies/${film.id}"]`).first();

describeInBrowser('the user client', ({ system, visits }) => {
  let films: readonly FilmWithCast[];

  /** The position-th film that can be tested with. */
  const film = (position = 0): FilmWithCast => {
    const found = films[position];
    if (!found) throw new Error('There are too few films with a cast.');
    return found;
  };

  /** The first user has no reaction to this film, whatever earlier runs left. */
  const forgetReaction = async ({ id }: FilmWithCast): Promise<void> => {
    const user = await signedIn(system(), { role: 'USER' });
    await user.ask('mutation ($id: ID!) { removeReaction(movieId: $id) { __typename } }', { id });
  };

  beforeAll(async () => {
    films = await filmsWithCast(system());
  });

  it('finds a film while one types, and lets who signs in like it', async () => {
    const login = loginOf(system(), 'USER');
    await forgetReaction(film());
    const page = await visits().open();
    await page.goto(system().user);
    await searchBox(page).pressSequentially(film().title.slice(0, 6), { delay: 20 });
    await tileOf(page, film()).waitFor();
    await screenshot(page, 'user-search');
    await tileOf(page, film()).click();
    await page.getByRole('heading', { level: 1, name: film().title }).waitFor();
    await page.getByRole('region', { name: 'Cast' }).getByText(film().star.name).waitFor();
    await screenshot(page, 'user-film');

    const before = await countOn(like(page));
    await like(page).click();
    await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
    await screenshot(page, 'user-sign-in');
    await signIn(page, login);
    await page.getByRole('button', { name: /^Like/, pressed: true }).waitFor();
    expect(await countOn(like(page))).toBe(before + 1);

    await page.reload();
    await page.getByRole('button', { name: /^Like/, pressed: true }).waitFor();
    expect(await countOn(like(page))).toBe(before + 1);
    await screenshot(page, 'user-film-liked');
  });

  it('moves a reaction from like to dislike and takes it back', async () => {
    const login = loginOf(system(), 'USER');
    await forgetReaction(film(1));
    const page = await visits().open();
    await page.goto(`${system().user}movies/${film(1).id}`);
    const [likes, dislikes] = [await countOn(like(page)), await countOn(dislike(page))];
    await page.getByRole('button', { name: 'Sign in' }).click();
    await signIn(page, login);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();

    // Faster than the graph answers: what counts is the last of it.
    const saved = answerTo(page, 'DislikeMovie');
    await like(page).click();
    await dislike(page).click();
    await page.getByRole('button', { name: /^Dislike/, pressed: true }).waitFor();
    await saved;
    await page.reload();
    await page.getByRole('button', { name: /^Dislike/, pressed: true }).waitFor();
    expect([await countOn(like(page)), await countOn(dislike(page))]).toEqual([
      likes,
      dislikes + 1,
    ]);

    const removed = answerTo(page, 'RemoveReaction');
    await dislike(page).click();
    await removed;
    await page.reload();
    await page.getByRole('button', { name: /^Dislike/, pressed: false }).waitFor();
    expect([await countOn(like(page)), await countOn(dislike(page))]).toEqual([likes, dislikes]);
  });

  it('takes a like back when it cannot be saved, and says so', async () => {
    const login = loginOf(system(), 'USER');
    await forgetReaction(film(2));
    const page = await visits().open();
    visits().allow(/ERR_FAILED/);
    await page.goto(`${system().user}movies/${film(2).id}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await signIn(page, login);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    const before = await countOn(like(page));
    await page.route(/graphql/, (route) => route.abort());
    await like(page).click();
    await page.getByRole('alert').getByText('cannot be reached').waitFor();
    await page.getByRole('button', { name: /^Like/, pressed: false }).waitFor();
    expect(await countOn(like(page))).toBe(before);
    await screenshot(page, 'user-like-failed');
  });

  it('shows the answer to what was typed last, however late another one comes', async () => {
    const page = await visits().open();
    await page.goto(system().user);
    await page
      .getByRole('status')
      .getByText(/films?$/)
      .waitFor();
    const [slow, quick] = [film(0), film(1)];
    let held = 0;
    let released = 0;
    await page.route(/graphql/, async (route) => {
      const sent = route.request().postDataJSON() as { variables: { query?: string | null } };
      if (sent.variables.query !== slow.title) return route.continue();
      held += 1;
      const answer = await route.fetch();
      await tileOf(page, slow).waitFor({ state: 'detached' });
      // If the page has given up on it, there is nobody left to give it to.
      await route.fulfill({ response: answer }).catch(() => undefined);
      released += 1;
    });
    await searchBox(page).fill(slow.title);
    await until(() => held > 0, { ...STEP, what: 'the slow search to be sent' });
    await searchBox(page).fill(quick.title);
    await tileOf(page, slow).waitFor({ state: 'detached' });
    await until(() => released === held, { ...STEP, what: 'the slow search to be answered' });
    expect(await tileOf(page, quick).isVisible()).toBe(true);
    expect(await tileOf(page, slow).count()).toBe(0);
    expect(await searchBox(page).inputValue()).toBe(quick.title);
    expect(new URL(page.url()).searchParams.get('q')).toBe(quick.title);
  });

  it('narrows to genres, keeps them in the address and lets them go again', async () => {
    const page = await visits().open();
    await page.goto(system().user);
    const chip = page.getByRole('checkbox').first();
    await chip.waitFor();
    const found = page.getByRole('status').getByText(/films$/);
    const all = await found.innerText();
    const name = await page.locator('label.chip').first().innerText();
    const [, genre = '', count = ''] = /^(.*?)\s*, number of films:\s*([\d,]+)$/s.exec(name) ?? [];
    await chip.check();
    await page.getByRole('status').getByText(`${count} films`).waitFor();
    await page.reload();
    await page.getByRole('status').getByText(`${count} films`).waitFor();
    expect(new URL(page.url()).searchParams.getAll('genre')).toEqual([genre]);
    await screenshot(page, 'user-genre');
    await chip.uncheck();
    await page.getByRole('status').getByText(all).waitFor();
  });

  it('leads from a film to a person, to their films, and back', async () => {
    const page = await visits().open();
    await page.goto(`${system().user}movies/${film().id}`);
    await page.getByRole('region', { name: 'Cast' }).getByText(film().star.name).click();
    await page.getByRole('heading', { level: 1, name: film().star.name }).waitFor();
    const filmography = page.getByRole('region', { name: 'Filmography' });
    await filmography.getByRole('link', { name: film().title, exact: true }).first().waitFor();
    await screenshot(page, 'user-person');
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: film().title }).waitFor();
    // The title follows the page's content, a moment later.
    await page.waitForFunction(`document.title.includes(${JSON.stringify(film().title)})`);
  });

  it('finds people by the beginning of their name', async () => {
    const page = await visits().open();
    await page.goto(system().user);
    await searchBox(page).fill(film().star.name);
    await page.getByRole('region', { name: 'People' }).getByText(film().star.name).click();
    await page.getByRole('heading', { level: 1, name: film().star.name }).waitFor();
  });

  it('shows more films on demand, and the same ones after coming back', async () => {
    const page = await visits().open();
    await page.goto(system().user);
    await page.getByRole('button', { name: 'More films' }).click();
    await page.locator('.tile').nth(24).waitFor();
    const shown = await page.locator('.tile').count();
    await page.locator('.tile').nth(30).click();
    await page.getByRole('button', { name: /^Like/ }).waitFor();
    await page.goBack();
    await page.locator('.tile').nth(30).waitFor();
    expect(await page.locator('.tile').count()).toBe(shown);
  });

  it('keeps the session in this tab only, and no token in any address', async () => {
    const page = await visits().open();
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await page.goto(system().user);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await signIn(page, { ...loginOf(system(), 'USER'), password: 'not the password' });
    await page.getByRole('alert').getByText('do not fit').waitFor();
    await signIn(page, loginOf(system(), 'USER'));
    await page.getByRole('button', { name: 'Sign out' }).waitFor();

    const stored = await page.evaluate<string>('sessionStorage.getItem("marquee.session")');
    const { token } = JSON.parse(stored) as { token: string };
    expect(await page.evaluate('localStorage.length + document.cookie.length')).toBe(0);
    expect([...addresses, page.url()].filter((url) => url.includes(token))).toEqual([]);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate('sessionStorage.getItem("marquee.session")')).toBeNull();
  });

  it('says that a session has ended when the graph no longer takes its token', async () => {
    const page = await visits().open();
    visits().allow(/401/);
    await page.goto(system().user);
    const session = {
      token: 'e30.e30.e30',
      expiresAt: '2999-01-01T00:00:00Z',
      viewer: { id: 'nobody', displayName: 'Nobody', role: 'USER' },
    };
    await page.evaluate(
      `sessionStorage.setItem('marquee.session', ${JSON.stringify(JSON.stringify(session))})`,
    );
    await page.reload();
    await page.getByText('Your session has ended').waitFor();
    await page.locator('.tile').first().waitFor();
  });

  it('says in plain words that there is no such film, person or page', async () => {
    const page = await visits().open();
    for (const [path, what] of [
      ['movies/tt-nothing', 'film'],
      ['people/nobody-at-all', 'person'],
      ['no/such/page', 'page'],
    ]) {
      await page.goto(`${system().user}${path ?? ''}`);
      await page.getByRole('heading', { name: `There is no such ${what ?? ''}.` }).waitFor();
    }
  });

  it('can be worked with the keyboard alone', async () => {
    const page = await visits().open();
    await page.goto(system().user);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expectFocus(page, 'main');
    await page.keyboard.press('Tab');
    await expectFocus(page, 'input[type=search]');
    await page.keyboard.type(film().title);
    await page.keyboard.press('Enter');
    await tileOf(page, film()).waitFor();
    await tileOf(page, film()).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: film().title }).waitFor();
    await expectFocus(page, 'main');
    await like(page).focus();
    await page.keyboard.press('Space');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expectFocus(page, '.reaction');
  });

  it.each(['light', 'dark'] as const)('is accessible in the %s scheme', async (colorScheme) => {
    const page = await visits().open({ colorScheme });
    await page.goto(system().user);
    await page.locator('.tile').first().waitFor();
    await expectAccessible(page);
    await screenshot(page, `user-home-${colorScheme}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expectAccessible(page);
    await page.goto(`${system().user}movies/${film().id}`);
    await like(page).waitFor();
    await expectAccessible(page);
    await page.goto(`${system().user}people/${film().star.id}`);
    await page.getByRole('region', { name: 'Filmography' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, `user-person-${colorScheme}`);
  });

  it('fits a phone', async () => {
    const page = await visits().open(PHONE);
    await page.goto(system().user);
    await page.locator('.tile').first().waitFor();
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'user-home-phone');
    await page.goto(`${system().user}movies/${film().id}`);
    await like(page).waitFor();
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'user-film-phone');
    await page.goto(`${system().user}people/${film().star.id}`);
    await page.getByRole('region', { name: 'Filmography' }).waitFor();
    await expectNoSidewaysScroll(page);
  });

  it('leads to GraphiQL', async () => {
    const page = await visits().open();
    await page.goto(system().user);
    const link = page.getByRole('link', { name: 'GraphiQL' });
    expect(await link.getAttribute('href')).toBe('/graphiql');
  });
});

const STEP = { timeoutMs: 15_000 };

const expectFocus = async (page: Page, selector: string): Promise<void> => {
  const focused = `document.activeElement.matches(${JSON.stringify(selector)})`;
  await until(() => page.evaluate<boolean>(focused), {
    ...STEP,
    what: `${selector} to be focused`,
  });
};
