import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Expectation, Shape } from '../gates/model.ts';
import { checks, suites } from './index.ts';
import { naapSurface } from './naap-surface.ts';

function findCheckFiles(): string[] {
  return readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.check.ts'));
}

/** Shapes that an expectation can judge. */
function listFittingShapes(expectation: Expectation): readonly Shape[] {
  switch (expectation.kind) {
    case 'cases':
      return ['cases'];
    case 'none':
    case 'no-new':
      return ['set'];
    case 'limit':
    case 'baseline':
    case 'versus':
      return ['samples', 'histogram', 'proportion', 'value', 'set'];
    default:
      return expectation satisfies never;
  }
}

test('every check file is in the registry, under the id that its name gives, once', () => {
  const named = findCheckFiles().map((file) => (file.split(/[\\/]/).at(-1) ?? '').replace('.check.ts', ''));
  expect(checks.map(({ id }) => id).toSorted()).toEqual(named.toSorted());
  expect(new Set(named).size).toBe(named.length);
});

test('every check is registered under the folder that it stands in', () => {
  const folders = Object.fromEntries(findCheckFiles().map((file) => file.replace('.check.ts', '').split(/[\\/]/).toReversed()));
  const registered = Object.fromEntries(Object.entries(suites).flatMap(([suite, ones]) => ones.map(({ id }) => [id, suite])));
  expect(registered).toEqual(folders);
});

test.each(checks.map((check) => [check.id, check] as const))('%s has a revision, valid presets, and expects only what it declares', (_, check) => {
  expect(check.revision).toBeGreaterThanOrEqual(1);
  for (const preset of Object.values(check.presets)) expect(check.options.parse(preset)).toEqual(preset);
  expect(check.defaultExpect.length).toBeGreaterThan(0);
  for (const expectation of check.defaultExpect) {
    const metric = check.metrics[expectation.metric];
    expect(metric, `${expectation.metric} is declared`).toBeDefined();
    expect(listFittingShapes(expectation)).toContain(metric?.shape);
  }
});

test.each(checks.map((check) => [check.id, check] as const))('%s tells what it costs before it runs', (_, check) => {
  for (const preset of Object.values(check.presets)) {
    const { seconds, requests } = check.estimate(preset, naapSurface());
    expect(seconds).toBeGreaterThan(0);
    // What only reads databases sends no requests.
    const isOfDatabases = check.needs.some((need) => need === 'databases:legacy' || need === 'database:target');
    expect(requests).toBeGreaterThanOrEqual(isOfDatabases ? 0 : 1);
    expect(check.timeoutMs(preset, naapSurface())).toBeGreaterThan(seconds * 1000);
  }
});

test('checks run after checks that exist', () => {
  const ids = checks.map(({ id }) => id);
  for (const { after } of checks) for (const id of after) expect(ids).toContain(id);
});

test.each(['rate-limit', 'critical-paths'])('%s has time for as long a window of the auth limit as the surface names', (id) => {
  const check = checks.find((one) => one.id === id);
  expect(check?.timeoutMs(check.presets.pr, naapSurface({ auth: { quotaWindowSeconds: 900 } }))).toBeGreaterThan(2 * 900_000);
});
