import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { naapSurface } from '../../suites/naap-surface.ts';
import { withOwnJourneys } from './own-journeys.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'naap-gate-own-journeys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const surface = naapSurface({ web: { journeys: { 'community-post': { spec: 'post.spec.ts' }, 'user-login': { spec: 'login.spec.ts' } } } });

test('the path of a test begins where the configuration is; ours stay as they are', () => {
  for (const file of ['post.spec.ts', 'login.spec.ts']) writeFileSync(join(folder, file), '');
  const found = withOwnJourneys('staging', surface, folder).web?.journeys;
  expect(found?.['community-post']).toEqual({ spec: join(folder, 'post.spec.ts') });
  expect(found?.['wallet-connect']).toEqual(surface.web?.journeys['wallet-connect']);
});

test('every test that is not there is named with its place in the configuration', () => {
  expect(() => withOwnJourneys('staging', surface, folder)).toThrowError(
    `Journeys of your own are missing:
  - environments.staging.surface.web.journeys.user-login.spec: ${join(folder, 'login.spec.ts')} is not there
  - environments.staging.surface.web.journeys.community-post.spec: ${join(folder, 'post.spec.ts')} is not there`,
  );
});

test('a surface without pages has no journeys to look for', () => {
  const bare = naapSurface({ web: null });
  expect(withOwnJourneys('staging', bare, folder)).toBe(bare);
});
