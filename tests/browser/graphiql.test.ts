import { describeInBrowser } from './describe-in-browser.ts';
import { screenshot } from './screenshot.ts';

describeInBrowser('GraphiQL', ({ system, visits }) => {
  it('offers the gallery, and runs what is chosen', async () => {
    const page = await visits().open();
    await page.goto(system().graphiql);
    await page.getByLabel('Examples').selectOption('most liked');
    await page.getByRole('navigation').getByText('The films with the most likes').waitFor();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.result-window').getByText('likeCount').first().waitFor();
    await screenshot(page, 'graphiql-gallery');
    // What was open before is still there, in a tab of its own.
    await page.getByRole('tab', { name: 'PopularFilms' }).waitFor();
  });
});
