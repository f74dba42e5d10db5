// A legacy database and its target with values of each kind, what may befall the target's rows, and what must be found of it. Used by the tests of both ways of comparison.
import type { DataMapping } from '../../../gates/model.ts';
import { type TwoDatabases, twoDatabases } from './two-servers.ts';

const SCHEMA = `
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE TYPE spot AS (x int, label text);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE "Thing" (
  id int PRIMARY KEY, bin bytea, a text, b text, at timestamptz, local timestamp, amount numeric, big bigint, ratio float8, doc jsonb, raw json,
  flag bool, span interval, numbers int[], feeling mood, place spot, size positive, code char(4), day date, moment time, ident uuid, during tstzrange, address inet, words tsvector
);
CREATE TABLE "Log" (line text, n int);
CREATE TABLE "Session" (id text PRIMARY KEY, "expiresAt" timestamptz NOT NULL);
`;
const ROWS = `
INSERT INTO "Thing" SELECT i, decode('00ff10' || lpad(to_hex(i), 4, '0'), 'hex'), 'left ' || i, 'right ' || i, timestamptz '2026-03-29 00:30:00.123456+00' + i * interval '1 hour',
  timestamp '2026-03-29 02:30:00.5', 1234567890.120 + i, 9007199254740993 + i, 0.1 * i, '{"b": 1.0, "a": [1, 2]}', '{"b": 1, "a": 2}',
  i % 2 = 0, interval '1 day', ARRAY[i, 2], 'low', ROW(i, 'x')::spot, i + 1, 'ab', date '2026-01-31', time '23:59:59.999999', md5(i::text)::uuid,
  tstzrange('2026-01-01+00', '2026-02-01+00'), '10.0.0.1/8', to_tsvector('simple', 'one two') FROM generate_series(0, 99) i;
UPDATE "Thing" SET a = NULL, flag = NULL WHERE id = 50;
INSERT INTO "Thing" (id, ratio, a) VALUES (-5, 0, 'caf' || chr(233)), (200, 0.1::float8 + 0.2::float8, 'ab|c');
INSERT INTO "Log" SELECT 'line ' || i % 3, i % 5 FROM generate_series(1, 60) i;
INSERT INTO "Session" VALUES ('old', '2026-01-01+00'), ('open', '2099-01-01+00');
`;
/** The plan leaves expired sessions behind. */
export const mapping: DataMapping = {
  cut: '2026-11-01T00:00:00Z',
  databases: { naap_shop: { schema: 'shop', tables: { Session: { where: '"expiresAt" > $cut' } } } },
};

/** The healthy pair. */
export function rowsOfShop(): Promise<TwoDatabases> {
  return twoDatabases({
    legacy: SCHEMA + ROWS,
    target: `CREATE SCHEMA shop; SET search_path TO shop; ${SCHEMA} ${ROWS} DELETE FROM "Session" WHERE id = 'old';`,
  });
}

export const THING_7 = 'shop.Thing[id=7]';
/** What was done to the target, and what must be found: each key, with what its detail says. */
export const ROW_FAULTS: readonly (readonly [name: string, damage: string, found: readonly (readonly [key: string, detail: RegExp])[]])[] = [
  [
    'one bit of a bytea',
    `UPDATE "Thing" SET bin = set_bit(bin, 3, 1 - get_bit(bin, 3)) WHERE id = 7`,
    [[`${THING_7}.bin`, /legacy \\x00ff100007, target \\x08ff100007/]],
  ],
  [
    'two columns swapped in a row',
    `UPDATE "Thing" SET a = b, b = a WHERE id = 7`,
    [
      [`${THING_7}.a`, /legacy "left 7", target "right 7"/],
      [`${THING_7}.b`, /./],
    ],
  ],
  [
    'a value swapped between rows',
    `UPDATE "Thing" SET a = CASE id WHEN 7 THEN 'left 8' ELSE 'left 7' END WHERE id IN (7, 8)`,
    [
      [`${THING_7}.a`, /./],
      ['shop.Thing[id=8].a', /./],
    ],
  ],
  ['truncation', `UPDATE "Thing" SET a = left(a, 4) WHERE id = 7`, [[`${THING_7}.a`, /target "left"/]]],
  [
    'an hour lost to a time zone',
    `UPDATE "Thing" SET at = at + interval '1 hour' WHERE id = 7`,
    [[`${THING_7}.at`, /07:30:00\.123456Z, target .*08:30:00\.123456Z/]],
  ],
  ['the sub-second part lost', `UPDATE "Thing" SET at = date_trunc('second', at) WHERE id = 7`, [[`${THING_7}.at`, /:00\.000000Z$/]]],
  ['microseconds lost', `UPDATE "Thing" SET at = date_trunc('milliseconds', at) WHERE id = 7`, [[`${THING_7}.at`, /:00\.123000Z$/]]],
  [
    'the scale of a numeric',
    `UPDATE "Thing" SET amount = amount::numeric(20,2) WHERE id = 7`,
    [[`${THING_7}.amount`, /legacy 1234567897\.120, target 1234567897\.12$/]],
  ],
  ['the twelfth digit of a numeric', `UPDATE "Thing" SET amount = amount + 0.01 WHERE id = 7`, [[`${THING_7}.amount`, /target 1234567897\.130/]]],
  ['a sign', `UPDATE "Thing" SET amount = -amount WHERE id = 7`, [[`${THING_7}.amount`, /target -1234567897\.120/]]],
  [
    'a big integer through a double',
    `UPDATE "Thing" SET big = 9007199254741000::float8::bigint + 1 WHERE id = 7`,
    [[`${THING_7}.big`, /legacy 9007199254741000, target 9007199254741001/]],
  ],
  ['NULL to an empty text', `UPDATE "Thing" SET a = '' WHERE id = 50`, [['shop.Thing[id=50].a', /legacy NULL, target ""/]]],
  ["NULL to '<null>'", `UPDATE "Thing" SET a = '<null>' WHERE id = 50`, [['shop.Thing[id=50].a', /legacy NULL, target "<null>"/]]],
  ['NULL to false', `UPDATE "Thing" SET flag = false WHERE id = 50`, [['shop.Thing[id=50].flag', /legacy NULL, target false/]]],
  ['a trailing space', `UPDATE "Thing" SET a = a || ' ' WHERE id = 7`, [[`${THING_7}.a`, /target "left 7 "/]]],
  [
    'a border between columns that moved',
    `UPDATE "Thing" SET a = 'left', b = ' 7right 7' WHERE id = 7`,
    [
      [`${THING_7}.a`, /./],
      [`${THING_7}.b`, /./],
    ],
  ],
  ['1.0 to 1.00 in jsonb', `UPDATE "Thing" SET doc = '{"b": 1.00, "a": [1, 2]}' WHERE id = 7`, [[`${THING_7}.doc`, /1\.0\}, target .*1\.00\}/]]],
  [
    'the last place of a float',
    `UPDATE "Thing" SET ratio = 0.3 WHERE id = 200`,
    [['shop.Thing[id=200].ratio', /0\.30000000000000004 \(\\x.*\), target 0\.3 \(/]],
  ],
  ['zero to minus zero', `UPDATE "Thing" SET ratio = '-0' WHERE id = -5`, [['shop.Thing[id=-5].ratio', /legacy 0 \(.*target -0 \(/]]],
  ['a day to 24 hours', `UPDATE "Thing" SET span = interval '24:00' WHERE id = 7`, [[`${THING_7}.span`, /1 days 00:00.*0 days 24:00/]]],
  [
    'the lower bound of an array',
    `UPDATE "Thing" SET numbers = ('[0:1]=' || numbers::text)::int[] WHERE id = 7`,
    [[`${THING_7}.numbers`, /target "\[0:1\]=\{7,2\}"/]],
  ],
  ['another form of the same letters', `UPDATE "Thing" SET a = normalize(a, NFD) WHERE id = -5`, [['shop.Thing[id=-5].a', /./]]],
  ['the label of an enum', `UPDATE "Thing" SET feeling = 'high' WHERE id = 7`, [[`${THING_7}.feeling`, /legacy "low", target "high"/]]],
  ['a part of a composite', `UPDATE "Thing" SET place = ROW(7, 'y')::spot WHERE id = 7`, [[`${THING_7}.place`, /\(7,x\).*\(7,y\)/]]],
  ['a missing row', `DELETE FROM "Thing" WHERE id = 7`, [[THING_7, /missing/]]],
  [
    'the first and the last row missing',
    `DELETE FROM "Thing" WHERE id IN (-5, 200)`,
    [
      ['shop.Thing[id=-5]', /missing/],
      ['shop.Thing[id=200]', /missing/],
    ],
  ],
  ['an extra row', `INSERT INTO "Thing" (id) VALUES (1000)`, [['shop.Thing[id=1000]', /no such row/]]],
  ['an active session missing', `DELETE FROM "Session" WHERE id = 'open'`, [['shop.Session[id="open"]', /missing/]]],
  ['an expired session present', `INSERT INTO "Session" VALUES ('old', '2026-01-01+00')`, [['shop.Session[id="old"]', /or none with "expiresAt" > \$cut/]]],
  [
    'a row without a key missing',
    `DELETE FROM "Log" WHERE ctid = (SELECT min(ctid) FROM "Log" WHERE line = 'line 1' AND n = 1)`,
    [['shop.Log[line="line 1", n=1]', /missing/]],
  ],
  [
    'without a key one row doubled and another missing',
    `UPDATE "Log" SET n = 2 WHERE ctid = (SELECT min(ctid) FROM "Log" WHERE line = 'line 1' AND n = 1)`,
    [
      ['shop.Log[line="line 1", n=1]', /missing/],
      ['shop.Log[line="line 1", n=2]', /no such row/],
    ],
  ],
];

/** What must stay quiet. */
export const NO_FAULTS: readonly (readonly [name: string, side: 'legacy' | 'target', change: string])[] = [
  ['the order of keys in jsonb and json', 'target', `UPDATE "Thing" SET doc = '{"a": [1, 2], "b": 1.0}', raw = '{"a": 2, "b": 1}' WHERE id = 7`],
  [
    'the order of rows',
    'target',
    `CREATE TABLE x AS SELECT * FROM "Log" ORDER BY n DESC, line DESC; TRUNCATE "Log"; INSERT INTO "Log" SELECT * FROM x; DROP TABLE x`,
  ],
  ["the server's time zone", 'target', `DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET timezone TO ''Asia/Kathmandu'''; END $$`],
  [
    'OIDs of an enum',
    'target',
    `ALTER TYPE mood RENAME TO was; CREATE TYPE mood AS ENUM ('low', 'high'); ALTER TABLE "Thing" ALTER feeling TYPE mood USING feeling::text::mood; DROP TYPE was`,
  ],
  [
    'the order of columns',
    'target',
    `ALTER TABLE "Thing" ADD later text; UPDATE "Thing" SET later = a; ALTER TABLE "Thing" DROP a; ALTER TABLE "Thing" RENAME later TO a`,
  ],
];
