// Finds on a page what the surface names. Used by every suite that drives a browser.
import type { Locator as Found, Page } from '@playwright/test';
import type { Locator, Step } from '../../../gates/model.ts';

export function locate(page: Page, named: Locator): Found {
  if ('role' in named) return page.getByRole(named.role as Parameters<Page['getByRole']>[0], { name: named.name, exact: true });
  if ('label' in named) return page.getByLabel(named.label, { exact: true });
  if ('placeholder' in named) return page.getByPlaceholder(named.placeholder, { exact: true });
  if ('text' in named) return page.getByText(named.text, { exact: true });
  return page.locator(named.css);
}

/** As a report names it: `button "Post"`. */
export function wordsFor(named: Locator): string {
  if ('role' in named) return `${named.role} "${named.name}"`;
  if ('label' in named) return `field "${named.label}"`;
  if ('placeholder' in named) return `field with "${named.placeholder}" in it`;
  return 'text' in named ? `"${named.text}"` : named.css;
}

/** Throws what Playwright throws where something is not there within `timeoutMs`. */
export async function take(page: Page, step: Step, tag: string, timeoutMs: number): Promise<void> {
  if ('click' in step) return locate(page, step.click).click({ timeout: timeoutMs });
  if ('fill' in step) return locate(page, step.fill).fill(step.with.replaceAll('{tag}', tag), { timeout: timeoutMs });
  return page.keyboard.press(step.press);
}
