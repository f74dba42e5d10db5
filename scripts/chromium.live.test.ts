import { expect, test } from 'vitest';
import { cacheFolder } from './cache-folder.mjs';
import { recordedChromium } from './chromium.mjs';
import { proveChromium } from './chromium-proof.mjs';

test('the Chromium that set-up recorded draws a page', async () => {
  const chromium = recordedChromium(cacheFolder());
  expect(chromium).toBeDefined();
  expect(await proveChromium(chromium?.path ?? '')).toEqual({ version: expect.stringMatching(/^\d+\./) });
});

test('a program that is no browser does not pass for one', async () => {
  expect(await proveChromium('/bin/false', 5000)).toHaveProperty('why');
  expect(await proveChromium('/nowhere/chromium', 5000)).toHaveProperty('why');
});

test('a browser that says nothing is given up in time', async () => {
  expect(await proveChromium('/usr/bin/yes', 300)).toHaveProperty('why');
});
