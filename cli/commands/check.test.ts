import { expect, test } from 'vitest';
import { Criterion } from '../../gates/model.ts';
import { checks, suites } from '../../suites/index.ts';
import { commandFolder } from '../testing/command.ts';
import { gateOf } from './check.ts';

test.each([...Object.keys(suites), ...checks.map(({ id }) => id)])('%s gives a gate whose rows are whole, and each its own', (name) => {
  const { id, criteria, approvers } = gateOf(name);
  expect(id).toBe(`check-${name}`);
  expect(criteria.length).toBeGreaterThan(0);
  for (const criterion of criteria) expect(Criterion.safeParse(criterion).success, criterion.id).toBe(true);
  expect(new Set(criteria.map((criterion) => criterion.id)).size).toBe(criteria.length);
  expect(new Set(criteria.map((criterion) => `${criterion.section}: ${criterion.text}`)).size).toBe(criteria.length);
  // Nobody's signature is asked for: what it proves stands for no phase.
  expect(approvers).toEqual([]);
});

test('a row that the gates judge route by route is judged so here', () => {
  expect(gateOf('cold-start').criteria.map(({ kind }) => kind)).toMatchObject([{ measured: [{ scope: 'each' }] }]);
  expect(gateOf('cors').criteria.map(({ kind }) => kind)).toMatchObject([{ measured: [{ scope: 'overall' }] }]);
});

test('an unknown name is told with the nearest, and what is not built yet by its own words', async () => {
  const commands = commandFolder();
  const [mistyped, toCome, nothing] = await Promise.all([
    commands.run(['check', 'api-lod', '--env', 'demo']),
    commands.run(['check', 'uptime', '--env', 'demo']),
    commands.run(['check', '--env', 'demo']),
  ]);
  commands.remove();
  expect(mistyped).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^UNKNOWN_CHECK[\s\S]*Suites: [^.]*\bapi, [\s\S]*Did you mean "api-load"\?/),
  });
  expect(toCome).toMatchObject({ code: 2, stderr: expect.stringContaining('is not built yet') });
  expect(nothing).toMatchObject({ code: 2, stderr: expect.stringMatching(/^USAGE {2}missing required argument/) });
});

test('a dry run on a configured environment prints the rows and sends nothing', async () => {
  const commands = commandFolder();
  commands.configure({ staging: { target: { web: 'http://127.0.0.1:9' }, allow: ['read'] } });
  const ended = await commands.run(['check', 'api', '--env', 'staging', '--dry-run', '--json']);
  commands.remove();
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const plan = JSON.parse(ended.stdout) as { gate: string; criteria: { criterion: { id: string } }[] };
  expect(plan.gate).toBe('check-api');
  expect(plan.criteria.map(({ criterion }) => criterion.id)).toContain('check-api.cors.cors-origins');
});
