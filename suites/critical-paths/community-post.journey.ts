// Somebody writes a post: others can read it, it appears, and it is still there the next time (plan §0.1.3).
import { locate } from '../instruments/browser/locate.ts';
import { dataOf, rowsOf } from './answers.ts';
import { described, expect, test } from './journey.ts';
import { sessionOf } from './world.ts';
import { removeWritten } from './written.ts';

test('a post is there for its author and for others', async ({ page, world, http, tools, account, tag, go, undo }) => {
  const form = described(world, 'community-post');
  const other = world.accounts.find(({ name }) => name !== account.name) ?? account;
  const titlesForOther = async (): Promise<readonly unknown[]> => {
    const { json } = await http.send({ path: form.posts, as: sessionOf(other) });
    return rowsOf(dataOf(json)).map((row) => row['title']);
  };
  undo(`the post ${tag}`, () => removeWritten(tools, (text) => text === tag));

  await go(form.path);
  await locate(page, form.open).click();
  await locate(page, form.title).fill(tag);
  await locate(page, form.body).fill(`Written by ${tag}, who also removes it.`);
  await locate(page, form.submit).click();
  await expect.poll(titlesForOther, 'another account finds the post in the API').toContain(tag);
  await expect(page.getByText(tag, { exact: true }).first(), 'the post appears').toBeVisible();
  await page.reload();
  await expect(page.getByText(tag, { exact: true }).first(), 'the post is there after a reload').toBeVisible();
});
