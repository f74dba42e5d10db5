import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findBrowser } from './find-browser.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'naap-gate-browser-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(...path: readonly string[]): string {
  const file = join(folder, ...path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
}
const variables = () => ({ NAAP_GATE_CACHE: join(folder, 'cache'), PLAYWRIGHT_BROWSERS_PATH: join(folder, 'playwright'), PATH: join(folder, 'bin') });

test('the configured browser is taken, from where the configuration lies', () => {
  const path = program('tools', 'my-chromium');
  program('bin', 'chromium');
  expect(findBrowser({ configured: 'tools/my-chromium', directory: folder, variables: variables() })).toEqual({ browser: { path } });
});

test('a configured browser that is not there is a mistake, not a reason to take another', () => {
  program('bin', 'chromium');
  expect(() => findBrowser({ configured: 'tools/my-chromium', directory: folder, variables: variables() })).toThrowError(
    expect.objectContaining({ code: 'CONFIG_INVALID' }),
  );
});

test("what set-up proved comes first, then Playwright's own, then the system's; without any there is none", () => {
  expect(findBrowser({ variables: variables() })).toEqual({});
  const system = program('bin', 'chromium');
  expect(findBrowser({ variables: variables() })).toEqual({ browser: { path: system } });
  const own = program('playwright', 'chromium-1300', 'chrome-linux64', 'chrome');
  expect(findBrowser({ variables: variables() })).toEqual({ browser: { path: own } });
  const proved = program('proved');
  mkdirSync(join(folder, 'cache'), { recursive: true });
  writeFileSync(join(folder, 'cache', 'chromium.json'), JSON.stringify({ path: proved, how: 'here', version: '1' }));
  expect(findBrowser({ variables: variables() })).toEqual({ browser: { path: proved } });
});
