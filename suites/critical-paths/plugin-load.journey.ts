// Somebody opens a plugin by its address: it is loaded, and what it is for is there (plan §0.1.3).
import { locate } from '../instruments/browser/locate.ts';
import { described, expect, test } from './journey.ts';
import { mountOf } from './mount.ts';

test('plugins load and show what they are for', async ({ page, world, go }) => {
  for (const { path, plugin, shows } of described(world, 'plugin-load').pages) {
    await go(path);
    await expect(mountOf(page, world, plugin), 'the plugin is loaded').toBeVisible();
    await expect(locate(page, shows).first(), 'the plugin shows what it is for').toBeVisible();
  }
});
