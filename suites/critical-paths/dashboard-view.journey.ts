// Somebody looks at the dashboard: it shows the figures that the API gives (plan §0.1.3).
import { locate } from '../instruments/browser/locate.ts';
import { readField } from '../instruments/json-field.ts';
import { dataOf } from './answers.ts';
import { isShown, numbersIn } from './figures.ts';
import { described, expect, test } from './journey.ts';
import { sessionOf } from './world.ts';

test('the dashboard shows the figures of the API', async ({ page, world, http, account, go }) => {
  const { path, shows, data, figures } = described(world, 'dashboard-view');
  const missing = async (): Promise<readonly string[]> => {
    const { json } = await http.send({ path: data, as: sessionOf(account) });
    const answer = dataOf(json);
    const named = figures ?? Object.keys((answer ?? {}) as object).filter((field) => typeof readField(answer, field) === 'number');
    if (named.length === 0) throw new Error(`GET ${data} answers no figures, so there is nothing that the page must show.`);
    const shown = numbersIn(await page.locator('body').innerText());
    return named.filter((field) => !isShown(readField(answer, field), shown)).map((field) => `${field} ${String(readField(answer, field))}`);
  };

  await go(path);
  for (const part of shows) await expect(locate(page, part).first(), 'the dashboard has its parts').toBeVisible();
  await expect.poll(missing, 'no figure that the API gives is missing').toEqual([]);
});
