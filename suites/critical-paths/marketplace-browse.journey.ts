// Somebody looks for a plugin in the marketplace: all are listed, a search leaves those that match (plan §0.1.3).
import { locate } from '../instruments/browser/locate.ts';
import { dataOf, rowsOf } from './answers.ts';
import { described, expect, test } from './journey.ts';
import { sessionOf } from './world.ts';

test('the marketplace lists what the registry has, and a search narrows it', async ({ page, world, http, account, tag, go }) => {
  const { path, search, card, packages, nothingFound } = described(world, 'marketplace-browse');
  const cards = locate(page, card);
  const titles = async (): Promise<readonly string[]> => (await cards.allInnerTexts()).map((title) => title.trim().toLowerCase());
  /** By any of their names: pages show one for people where there is one. */
  const listed = async (): Promise<readonly (readonly string[])[]> => {
    const { json } = await http.send({ path: packages, as: sessionOf(account) });
    return rowsOf(dataOf(json)).map((row) => [row['displayName'], row['name']].filter((name) => typeof name === 'string').map((name) => name.toLowerCase()));
  };
  const missing = async (): Promise<readonly string[]> => {
    const shown = await titles();
    return (await listed()).filter((names) => !names.some((name) => shown.includes(name))).map((names) => names.join(' or '));
  };

  await go(path);
  await cards.first().waitFor();
  await expect.poll(missing, 'no package of the registry is missing').toEqual([]);
  const all = await titles();
  const [wanted] = all;
  if (wanted === undefined || all.length < 2) throw new Error(`GET ${packages} lists ${all.length} packages: a search would have nothing to narrow.`);

  await locate(page, search).fill(wanted);
  const found = async (): Promise<object> => ({ isFound: (await titles()).includes(wanted), isNarrowed: (await titles()).length < all.length });
  await expect.poll(found, 'a search leaves what matches').toEqual({ isFound: true, isNarrowed: true });

  await locate(page, search).fill(tag);
  await expect(cards.filter({ visible: true }), 'a search that nothing matches leaves nothing').toHaveCount(0);
  if (nothingFound !== undefined) await expect(locate(page, nothingFound).first(), 'a search that nothing matches says so').toBeVisible();
});
