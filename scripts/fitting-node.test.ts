import { expect, test } from 'vitest';
import { NODE_PACKAGES, nodeFits } from './fitting-node.mjs';

test.each([
  ['18.20.0', false],
  ['20.20.2', false],
  ['22.18.9', false],
  ['22.19.0', true],
  ['22.23.2', true],
  ['23.11.0', false],
  ['24.0.0', true],
  ['26.10.0', true],
])('Node %s fits: %s', (version, fits) => {
  expect(nodeFits(version)).toBe(fits);
});

test('every pinned Node fits, and carries a digest', () => {
  for (const { version, integrity, megabytes } of Object.values(NODE_PACKAGES)) {
    expect(nodeFits(version)).toBe(true);
    expect(integrity).toMatch(/^sha512-[\w+/]{86}==$/);
    expect(megabytes).toBeGreaterThan(10);
  }
});
