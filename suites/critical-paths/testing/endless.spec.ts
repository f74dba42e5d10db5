// A test that would go on for as long as it may; run by cli/critical-paths.live.test.ts in the place of journeys.
import { test } from '@playwright/test';

test('goes on', async ({ page }) => {
  await page.goto('/hangs', { timeout: 0 });
});
