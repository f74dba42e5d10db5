// Somebody changes their name: it is stored, and is still the new one the next time (plan §0.1.3).
import { locate } from '../instruments/browser/locate.ts';
import { described, expect, test } from './journey.ts';
import { sessionOf } from './world.ts';
import { displayName, isOfHarness, neutralName, profileChange, rename } from './written.ts';

test('a changed name stays changed', async ({ page, world, tools, account, tag, go, undo }) => {
  const { path, edit, displayName: field, save, profile } = described(world, 'settings-update');
  const as = sessionOf(account);
  const change = profileChange(world.surface, profile);
  if (change === undefined)
    throw new Error(
      `No endpoint of the surface changes what GET ${profile} shows (\`undo\` with PATCH or PUT, and \`readBack\`): the name could not be put back.`,
    );
  const stored = (): Promise<string | undefined> => displayName(tools, profile, change.field, as);
  const former = await stored();
  undo('the former name', async () => {
    const { status } = await rename(tools, change, former === undefined || isOfHarness(former) ? neutralName(account) : former, as);
    return status < 300 ? [] : [`the name ${tag}: ${change.method} ${change.path} answers ${status}`];
  });

  await go(path);
  await locate(page, edit).click();
  await locate(page, field).fill(tag);
  await locate(page, save).click();
  await expect.poll(stored, 'the new name is stored').toBe(tag);
  await page.reload();
  await expect(page.getByText(tag, { exact: true }).first(), 'the new name is shown after a reload').toBeVisible();
});
