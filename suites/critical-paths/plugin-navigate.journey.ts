// Somebody goes from plugin to plugin by the links: each comes in the place of the one before, the page itself stays (plan §0.1.3).
import { locate } from '../instruments/browser/locate.ts';
import { described, expect, test } from './journey.ts';
import { mountOf } from './mount.ts';

declare global {
  // oxlint-disable-next-line no-var -- Only a var declares a property of the global object.
  var naapGateWasHere: true | undefined;
}

test('links swap the plugin without a full reload, and back goes back', async ({ page, world, go }) => {
  const { from, links } = described(world, 'plugin-navigate');
  const beforeLast = links.at(-2);
  if (beforeLast === undefined) throw new Error('Two links at least are needed to come back from the last to the one before.');

  await go(from);
  await page.evaluate(() => void (globalThis.naapGateWasHere = true));
  for (const { link, to, plugin, shows } of links) {
    await locate(page, link).first().click();
    await expect(page, 'the link leads to its address').toHaveURL(({ pathname }) => pathname === to);
    await expect(mountOf(page, world, plugin), 'the plugin of the link is loaded').toBeVisible();
    await expect(locate(page, shows).first(), 'the plugin of the link shows what it is for').toBeVisible();
  }
  await page.goBack();
  await expect(locate(page, beforeLast.shows).first(), 'the back button brings the former plugin back').toBeVisible();
  expect(await page.evaluate(() => globalThis.naapGateWasHere), 'the page was never loaded anew').toBe(true);
});
