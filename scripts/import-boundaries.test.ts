// Proves the house's walls: each offending line is written into a copy of the house, and oxlint with our own config must name it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const checkout = join(import.meta.dirname, '..');
const oxlint = realpathSync(join(checkout, 'node_modules', '.bin', 'oxlint'));

interface Line {
  readonly file: string;
  readonly code: string;
}
const offences: readonly (Line & { readonly rule: string })[] = [
  ['gates/judge.ts', "import { a } from '../suites/index.ts';", 'house(imports)'],
  ['gates/judge.ts', "import type { A } from '../baselines/store.ts';", 'house(imports)'],
  ['gates/judge.ts', "export { a } from '../reporters/html.ts';", 'house(imports)'],
  ['gates/judge.ts', "export * from '../dashboards/server.ts';", 'house(imports)'],
  ['gates/judge.ts', "export const a = await import('../fixtures/twin/main.ts');", 'house(imports)'],
  ['gates/model/check.ts', "import { a } from '../../cli/main.ts';", 'house(imports)'],
  ['gates/model/check.ts', "import { a } from '../phases/../../cli/main.ts';", 'house(imports)'],
  ['gates/judge.test.ts', "import { a } from '../suites/index.ts';", 'house(imports)'],
  ['suites/api/x.check.ts', "import { a } from '../../gates/judge.ts';", 'house(imports)'],
  ['suites/api/x.check.ts', "import { a } from '../../gates/model/check.ts';", 'house(imports)'],
  ['suites/api/x.check.ts', "import { a } from '../load/mix.ts';", 'house(imports)'],
  ['suites/instruments/http.ts', "import { a } from '../api/cases.ts';", 'house(imports)'],
  ['suites/api/x.check.ts', "import { a } from '../../baselines/store.ts';", 'house(imports)'],
  ['baselines/store.ts', "import { a } from '../suites/index.ts';", 'house(imports)'],
  ['reporters/html.ts', "import { a } from '../baselines/store.ts';", 'house(imports)'],
  ['dashboards/server.ts', "import { a } from '../baselines/store.ts';", 'house(imports)'],
  ['fixtures/twin/main.ts', "import { a } from '../../cli/main.ts';", 'house(imports)'],
  ['fixtures/twin/main.ts', "import { a } from '../../reporters/html.ts';", 'house(imports)'],
  ['cli/main.ts', "import { a } from '../fixtures/twin/main.ts';", 'house(imports)'],
  ['cli/main.ts', "import type { A } from '../fixtures/twin/main.ts';", 'house(imports)'],
  ['cli/main.ts', "import { a } from '../bench/main.ts';", 'house(imports)'],
  ['suites/api/x.check.ts', "import { a } from './testing/stand-in.ts';", 'house(imports)'],
  ['suites/api/x.check.ts', "import { request } from 'node:http';", 'house(network)'],
  ['suites/api/x.check.ts', "import { request } from 'https';", 'house(network)'],
  ['suites/api/x.check.ts', "import { connect } from 'node:net';", 'house(network)'],
  ['suites/api/x.check.ts', "import { connect } from 'node:tls';", 'house(network)'],
  ['suites/api/x.check.ts', "import { request } from 'undici';", 'house(network)'],
  ['suites/api/x.check.ts', "import { WebSocket } from 'ws';", 'house(network)'],
  ['suites/api/x.check.ts', "import pg from 'pg';", 'house(network)'],
  ['suites/api/x.check.ts', "export const a = await import('node:http');", 'house(network)'],
  ['suites/api/x.check.ts', "export const a = await fetch('/');", 'eslint(no-restricted-globals)'],
  ['suites/api/x.check.ts', "export const a = await globalThis.fetch('/');", 'eslint(no-restricted-properties)'],
  ['suites/api/x.check.ts', "export const a = new WebSocket('/');", 'eslint(no-restricted-globals)'],
  ['gates/judge.ts', 'export const a = process.env.A;', 'eslint(no-restricted-properties)'],
  ['gates/judge.ts', 'export const { env } = process;', 'eslint(no-restricted-properties)'],
  ['gates/judge.ts', 'export const a = globalThis.process;', 'eslint(no-restricted-properties)'],
  ['reporters/html.ts', 'export const a = process.argv;', 'eslint(no-restricted-properties)'],
  ['suites/api/x.check.ts', 'process.exit(1);', 'eslint(no-restricted-properties)'],
  ['fixtures/twin/server.ts', 'process.exitCode = 1;', 'eslint(no-restricted-properties)'],
  ['baselines/store.ts', "process.stdout.write('a');", 'eslint(no-restricted-properties)'],
  ['dashboards/server.ts', "process.stderr.write('a');", 'eslint(no-restricted-properties)'],
  ['gates/judge.ts', "import { env } from 'node:process';", 'eslint(no-restricted-imports)'],
  ['reporters/html.ts', "console.log('a');", 'eslint(no-console)'],
].map(([file = '', code = '', rule = '']) => ({ file, code, rule }));

const allowed: readonly Line[] = [
  ['gates/judge.ts', "export { a } from './model.ts';"],
  ['gates/judge.test.ts', "export { a } from '../fixtures/runs.ts';"],
  ['suites/api/x.check.ts', "export { a } from '../../gates/model.ts';"],
  ['suites/api/x.check.ts', "export { a } from './cases.ts';"],
  ['suites/api/x.check.ts', "export { a } from '../instruments/http.ts';"],
  ['suites/api/x.check.ts', "export { a } from '../naap-surface.ts';"],
  ['suites/index.ts', "export { a } from './api/x.check.ts';"],
  ['suites/instruments/http.ts', "export { request } from 'undici';"],
  ['suites/instruments/http.ts', "export const a = await fetch('/');"],
  ['suites/instruments/http.test.ts', "export { createServer } from 'node:http';"],
  ['suites/api/x.test.ts', "export { a } from './testing/stand-in.ts';"],
  ['suites/api/testing/stand-in.ts', "export { createServer } from 'node:http';"],
  ['baselines/store.ts', "export { a } from '../gates/judge.ts';"],
  ['baselines/store.ts', "export { Pool } from 'pg';"],
  ['reporters/html.ts', "export { a } from '../gates/model.ts';"],
  ['dashboards/server.ts', "export { a } from '../reporters/html.ts';"],
  ['fixtures/twin/server.ts', "export { a } from '../../suites/naap-surface.ts';"],
  ['fixtures/twin/server.ts', "export { cacheFolder } from '../../scripts/cache-folder.mjs';"],
  ['fixtures/twin/main.ts', 'export const a = process.argv;'],
  ['cli/main.ts', "export const a = await import('../fixtures/twin/main.ts');"],
  ['cli/main.ts', "export { a } from '../suites/index.ts';"],
  ['cli/main.ts', 'console.log(process.env.A); process.exit(1);'],
  ['bench/main.ts', "export { a } from '../fixtures/twin/main.ts';"],
].map(([file = '', code = '']) => ({ file, code }));

let house: string;
beforeAll(() => {
  house = realpathSync(mkdtempSync(join(tmpdir(), 'naap-gate-house-')));
  mkdirSync(join(house, 'scripts'));
  cpSync(join(checkout, '.oxlintrc.json'), join(house, '.oxlintrc.json'));
  cpSync(join(checkout, 'scripts', 'import-boundaries.mjs'), join(house, 'scripts', 'import-boundaries.mjs'));
});
afterAll(() => rmSync(house, { recursive: true, force: true }));

/** The first line of each file, then the second of each … so that one run of oxlint sees every file name once. */
function batches(lines: readonly Line[]): readonly (readonly number[])[] {
  const seen = new Map<string, number>();
  const grouped: number[][] = [];
  for (const [index, { file }] of lines.entries()) {
    const turn = seen.get(file) ?? 0;
    seen.set(file, turn + 1);
    (grouped[turn] ??= []).push(index);
  }
  return grouped;
}

/** Writes the lines into their files and lints them: the codes that oxlint gave each. */
function lint(lines: readonly Line[]): readonly (readonly string[])[] {
  const codes: string[][] = lines.map(() => []);
  for (const batch of batches(lines)) {
    for (const index of batch) {
      const { file = '', code = '' } = lines[index] ?? {};
      mkdirSync(dirname(join(house, file)), { recursive: true });
      writeFileSync(join(house, file), `${code}\n`);
    }
    const files = batch.map((index) => lines[index]?.file ?? '');
    const ended = spawnSync(process.execPath, [oxlint, '--format=json', ...files], { cwd: house, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(ended.stdout) as { readonly diagnostics: readonly { readonly code: string; readonly filename: string }[] };
    for (const { code, filename } of diagnostics) codes[batch[files.indexOf(filename)] ?? -1]?.push(code);
    for (const file of files) rmSync(join(house, file));
  }
  return codes;
}

test('every offence against the walls is named by its rule', { timeout: 60_000 }, () => {
  const found = lint(offences);
  expect(found).toHaveLength(offences.length);
  expect(offences.filter(({ rule }, index) => !found[index]?.includes(rule))).toEqual([]);
});

test('what the table allows passes', { timeout: 60_000 }, () => {
  const found = lint(allowed);
  expect(allowed.map((line, index) => ({ line, found: found[index] ?? [] })).filter((each) => each.found.length > 0)).toEqual([]);
});
