import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeStore, passwordsOf, runPlace, withoutPassword } from './place.ts';

const host = (env: Record<string, string> = {}, cwd = '/work') => ({ env, cwd: () => cwd });

test('a folder, an address, a variable that names either, and the default', () => {
  const url = 'postgres://naap@db/gates';
  expect([
    runPlace(undefined, host()),
    runPlace('elsewhere', host()),
    runPlace(url, host()),
    runPlace('env:TEAM', host({ TEAM: url })),
    runPlace(undefined, host({ NAAP_GATE_RUNS: url })),
    runPlace('here', host({ NAAP_GATE_RUNS: url })),
  ]).toEqual([
    { kind: 'folder', path: '/work/.naap-gate/runs' },
    { kind: 'folder', path: '/work/elsewhere' },
    { kind: 'postgres', url },
    { kind: 'postgres', url },
    { kind: 'postgres', url },
    { kind: 'folder', path: '/work/here' },
  ]);
});

test.each([
  ['', 'USAGE'],
  ['mysql://db/gates', 'USAGE'],
  ['postgres://db:notaport/gates', 'USAGE'],
  ['env:UNSET', 'SECRET_MISSING'],
])('--runs %s is %s', (named, code) => {
  expect(() => runPlace(named, host())).toThrow(expect.objectContaining({ code }));
});

test('a file is no folder of runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'naap-gate-place-'));
  writeFileSync(join(folder, 'file'), '');
  expect(() => runPlace('file', host({}, folder))).toThrow(expect.objectContaining({ code: 'USAGE' }));
  rmSync(folder, { recursive: true });
});

test.each([
  ['postgres://naap:s3same@db.example/gates', 'naap@db.example:5432/gates'],
  ['postgresql://naap:p%40ss@127.0.0.1:6432/gates?sslmode=require', 'naap@127.0.0.1:6432/gates'],
  ['postgres://db.example/gates?password=s3same', 'db.example:5432/gates'],
  ['postgres:///gates?host=/var/run/postgresql', '/var/run/postgresql:5432/gates'],
])('%s is shown without its password', (url, shown) => {
  expect(describeStore(url)).toBe(shown);
});

test.each([
  ['postgres://naap:s3same@db/gates', 'postgres://naap:***@db/gates'],
  ['--runs=postgresql://naap:p@ss:w@rd@db/gates', '--runs=postgresql://naap:***@db/gates'],
  ['postgres://naap@db/gates?sslmode=require&password=s3same', 'postgres://naap@db/gates?sslmode=require&password=***'],
  ['postgres://naap@db/gates', 'postgres://naap@db/gates'],
  ['phase3.functionality.*', 'phase3.functionality.*'],
])('%s is repeated as %s', (argument, repeated) => {
  expect(withoutPassword(argument)).toBe(repeated);
});

test('every password that a connection may use is known, as it stands and as it is meant', () => {
  const place = runPlace('postgres://naap:p%40ss@db/gates?password=other', host());
  expect(passwordsOf(place, { PGPASSWORD: 'third' })).toEqual(['p%40ss', 'p@ss', 'other', 'third']);
  expect(passwordsOf(runPlace('elsewhere', host()), { PGPASSWORD: 'third' })).toEqual([]);
});
