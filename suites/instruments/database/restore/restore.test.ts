import { expect, test } from 'vitest';
import { complaintsOf } from './complaints.ts';
import { connectionString } from './connection-string.ts';
import { findPrograms } from './programs.ts';
import { removeScratchDatabase } from './scratch-database.ts';

const SAID = `pg_restore: while PROCESSING TOC:
pg_restore: from TOC entry 3382; 0 16402 TABLE DATA Post naap
pg_restore: error: COPY failed for table "Post": ERROR:  relation "User" does not exist
LINE 1:  SELECT EXISTS (SELECT FROM "User" WHERE id = $1)
CONTEXT:  SQL function "known" during inlining
pg_restore: from TOC entry 221; 1259 16415 TABLE Log shop_owner
pg_restore: error: could not execute query: ERROR:  role "shop_owner" does not exist
Command was: ALTER TABLE shop."Log" OWNER TO shop_owner;

pg_restore: warning: errors ignored on restore: 2
`;

test('complaints of pg_restore are named by the object of the dump; missing roles are told apart, counts are none', () => {
  expect(complaintsOf(SAID)).toEqual({
    complaints: [
      {
        object: 'TABLE DATA Post naap',
        text: 'COPY failed for table "Post": ERROR:  relation "User" does not exist CONTEXT:  SQL function "known" during inlining',
      },
    ],
    missingRoles: ['shop_owner'],
  });
  expect(complaintsOf('')).toEqual({ complaints: [], missingRoles: [] });
});

test('no password stands on a command line, and what only drivers know is left out', () => {
  const { url, password } = connectionString('postgresql://app:a%3Ab%5Cc@db.test:5433/shop?sslmode=require&schema=core&pgbouncer=true', '/tmp/pass', 'copy');
  expect(url).toBe('postgresql://app@db.test:5433/copy?sslmode=require&passfile=%2Ftmp%2Fpass&connect_timeout=10');
  expect(password).toBe('*:*:*:*:a\\:b\\\\c\n');
  expect(connectionString('postgresql://app@db.test/shop', '/tmp/pass').password).toBeUndefined();
});

test('programs that are older than the server are not taken', async () => {
  const { programs, found } = await findPrograms(99, new AbortController().signal);
  expect(programs).toBeUndefined();
  expect(found.every((major) => major < 99)).toBe(true);
});

test('a database that is not of our making is never removed', async () => {
  await expect(removeScratchDatabase({ url: 'postgresql://nobody@127.0.0.1:1/x' }, 'naap_production')).rejects.toThrow(/not ours/);
});
