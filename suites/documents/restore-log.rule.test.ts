// Logs that pg_restore and psql 15 wrote, and each way in which one can be wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeRestoreLog } from './restore-log.rule.ts';

const RULE = { kind: 'restore-log', describe: 'x' } as const;
const recorded = (name: string): string => readFileSync(join(import.meta.dirname, 'testing', 'recorded', `${name}.log`), 'utf8');
const judge = (text: string): { ok: boolean; text: string } => judgeRestoreLog(Buffer.from(text), RULE);
const GOOD = recorded('pg-restore');

test.each<readonly [string, string, string]>([
  ['of pg_restore -v', GOOD, 'pg_restore restored the data of 3 tables, no error, exit status 0.'],
  ['of pg_restore -v -j 2', recorded('pg-restore-parallel'), 'pg_restore restored the data of 3 tables, no error, exit status 0.'],
  ['of psql', recorded('psql'), 'psql copied 3 rows into 2 tables, no error, exit status 0.'],
  ['with CRLF and a byte order mark', `\uFEFF${GOOD.replaceAll('\n', '\r\n')}`, 'pg_restore restored the data of 3 tables, no error, exit status 0.'],
  [
    'of a CI job, with its times and its own words for the end',
    GOOD.replace('exit status 0', 'Process completed with exit code 0.').replace(/^/gm, '2026-11-23T07:41:00.1234567Z '),
    'pg_restore restored the data of 3 tables, no error, exit status 0.',
  ],
  [
    'of GNU time',
    GOOD.replace('exit status 0', '\tElapsed (wall clock) time (h:mm:ss or m:ss): 0:01.20\n\tExit status: 0'),
    'pg_restore restored the data of 3 tables, no error, exit status 0.',
  ],
  [
    'with colours, and a comparison after it',
    `${GOOD.replace('pg_restore:', '\u001b[1mpg_restore:\u001b[0m')}users 2 = 2\n`,
    'pg_restore restored the data of 3 tables, no error, exit status 0.',
  ],
  ['with a table named for errors', GOOD.replaceAll('core.posts', 'core.error_log'), 'pg_restore restored the data of 3 tables, no error, exit status 0.'],
])('the log %s is accepted', (_, log, text) => {
  expect(judge(log)).toEqual({ ok: true, text });
});

test.each<readonly [string, string, string | RegExp]>([
  [
    'errors that pg_restore ignored',
    recorded('pg-restore-failed'),
    /^It did not end well: \d+ errors \("pg_restore: warning: errors ignored on restore: 11"\): pg_restore: error: could not execute/,
  ],
  [
    'errors that psql passed over, ending with 0',
    recorded('psql-failed'),
    /^It did not end well: \d+ errors: psql:a\.sql:25: ERROR: {2}schema "core" already exists/,
  ],
  ['errors of a server that speaks German', `${GOOD}psql:a.sql:25: FEHLER:  Schema existiert bereits\nexit status 0\n`, /^It did not end well: 1 error/],
  [
    'a connection that was lost',
    GOOD.replace('exit status 0', 'FATAL:  terminating connection due to administrator command\nexit status 0'),
    /^It did not end well/,
  ],
  ['a log that was cut off', GOOD.slice(0, -200), /^It does not say how it ended/],
  ['a log that was cut off before the data', GOOD.slice(0, 300), /^pg_restore restored no data/],
  ['a log without its end', GOOD.replace('exit status 0\n', ''), /^It does not say how it ended/],
  ['an exit status that stands before the restore', `exit status 0\n${GOOD.replace('exit status 0\n', '')}`, /^It does not say how it ended/],
  ['an exit status other than 0', GOOD.replace('exit status 0', 'exit status 1'), 'It names the exit status 1.'],
  ['a first try that failed', `exit code: 2\n${GOOD}`, 'It names the exit status 2.'],
  [
    'a command that ended badly by the words of GNU time',
    GOOD.replace('exit status 0', 'Command exited with non-zero status 3\nExit status: 0'),
    'It names the exit status 3.',
  ],
  ['a restore into a file', GOOD.replace(/^pg_restore: connecting.*\n/m, ''), /^pg_restore never connected to a database/],
  ['a restore of the schema alone', GOOD.replace(/^pg_restore: processing data.*\n/gm, ''), /^pg_restore restored no data/],
  ['a psql that copied nothing', recorded('psql').replace(/COPY \d/g, 'COPY 0'), 'psql copied no row into any of 3 tables.'],
  ['a log of something else', 'Restore done, all well.\nexit status 0\n', /^It shows no restore/],
  ['a status alone', 'exit status 0', /^It shows no restore/],
  ['garbage', 'x'.repeat(50 * 1024 * 1024), /^It shows no restore/],
])('%s is not enough', (_, log, text) => {
  expect(judge(log)).toEqual({ ok: false, text: typeof text === 'string' ? text : expect.stringMatching(text) });
});

test.each<readonly [string, Uint8Array, RegExp]>([
  ['nothing', Buffer.from(''), /it is empty/],
  ['the dump itself', Buffer.from('PGDMP\u0001\u000e\u0000'), /binary/],
])('%s cannot be read', (_, bytes, message) => {
  expect(() => judgeRestoreLog(bytes, RULE)).toThrow(message);
});
