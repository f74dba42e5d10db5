// A test that ends the process which runs it; run by cli/critical-paths.live.test.ts in the place of a journey.
import { test } from '@playwright/test';

test('ends Playwright', async ({ page }) => {
  await page.goto('/error');
  process.kill(process.ppid, 'SIGKILL');
});
