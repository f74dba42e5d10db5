// Tests that go wrong in every way that pages and browsers have; run by cli/critical-paths.live.test.ts in the place of journeys.
import { expect, test } from '@playwright/test';
import { watchPage } from '../../instruments/browser/watch-page.ts';
import { PAGE_RECORD } from '../keep-attempts.ts';

test.setTimeout(20_000);

test('never loads', async ({ page }) => {
  await page.goto('/hangs', { timeout: 1_000 });
});

test('crashes', async ({ page }) => {
  await page.goto('chrome://crash');
});

test('is a download', async ({ page }) => {
  await page.goto('/download');
});

test('redirects without end', async ({ page }) => {
  await page.goto('/redirects');
});

test('is an error page that is answered 200', async ({ page }) => {
  await page.goto('/error');
  await expect(page.getByRole('heading', { name: 'Dashboard' }), 'the dashboard is shown').toBeVisible({ timeout: 500 });
});

test('passes on the second try, having typed a password', async ({ page, context }, info) => {
  const record = await watchPage(page);
  await context.addCookies([{ name: 'session', value: 'cookie-of-a-journey', url: info.project.use.baseURL ?? '' }]);
  await page.goto('/form');
  await page.getByLabel('Password').fill('typed-by-a-journey');
  await page.getByRole('button').click();
  await expect(page.getByRole('status')).toHaveText('Sent');
  await info.attach(PAGE_RECORD, { contentType: 'application/json', body: JSON.stringify(record) });
  expect(info.retry, 'only the second try is good').toBe(1);
});
