import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DataMapping, Item, Measurement } from '../../gates/model.ts';
import { orphanedRows } from './orphaned-rows.check.ts';
import { shopLegacy, shopTarget } from './testing/shop.ts';
import { type TwoDatabases, measureData, twoDatabases } from './testing/two-servers.ts';

/** `accountId` refers to a table of another schema, which the legacy database could not have. */
const PAYMENT = `CREATE TABLE "Payment" (id int PRIMARY KEY, "accountId" text, "externalTeamId" text, thing bigint, line text);
INSERT INTO "Payment" SELECT i, 'a' || i, 'x' || i, i, CASE WHEN i > 5 THEN 'l' || i END FROM generate_series(1, 10) i;`;
const CORE = `CREATE SCHEMA core; CREATE TABLE core."Account" (id text PRIMARY KEY); INSERT INTO core."Account" SELECT 'a' || i FROM generate_series(1, 10) i;`;
const mapping: DataMapping = {
  databases: { naap_shop: { schema: 'shop' } },
  references: { 'shop.Payment.thing': 'shop.Thing.id' },
};

let two: TwoDatabases;
beforeAll(async () => {
  two = await twoDatabases({ legacy: `${shopLegacy} ${PAYMENT}`, target: `${shopTarget} ${PAYMENT} ${CORE}` });
}, 60_000);
afterAll(() => two.close());
beforeEach(() => two.reset('target'));

async function look(more: Parameters<typeof measureData>[2] = {}): Promise<{ items: readonly Item[]; total: number; measurement: Measurement }> {
  const measurement = (await measureData(orphanedRows, two.databases, { mapping, ...more } as Parameters<typeof measureData>[2] & { options?: object })).get(
    'relations.orphaned-rows',
  );
  if (measurement?.payload.shape !== 'set') throw new Error('no set was measured');
  return { items: measurement.payload.items, total: measurement.payload.totalItems, measurement };
}

test('a healthy target has no orphan, and every kind of reference was looked at', async () => {
  const { items, measurement } = await look();
  expect(items).toEqual([]);
  expect(measurement).toMatchObject({ n: 101, instrument: { healthy: true, facts: { declared: 4, given: 1, guessed: 2, guessesDenied: 1 } } });
});

const unchecked = (sql: string): string => `SET session_replication_role TO replica; ${sql}; RESET session_replication_role`;
test.each<readonly [string, string, string, RegExp]>([
  [
    'an orphan under a foreign key that says it is valid',
    unchecked(`UPDATE "Thing" SET "ownerId" = 'ghost' WHERE id = 7`),
    'shop.Thing[id="7"].ownerId',
    /^ownerId="ghost" refers to no row of shop\.User \(id\): foreign key Thing_ownerId_fkey, which says that it is valid\.$/u,
  ],
  [
    'a row whose partner was deleted',
    unchecked(`DELETE FROM "User" WHERE id = 'u20'; UPDATE "Line" SET "userId" = NULL WHERE "userId" = 'u20'; DELETE FROM "Event" WHERE "userId" = 'u20'`),
    'shop.Thing[id="20"].ownerId',
    /"u20"/u,
  ],
  [
    'an orphan across schemas',
    `UPDATE "Payment" SET "accountId" = 'gone' WHERE id = 3`,
    'shop.Payment[id="3"].accountId',
    /refers to no row of core\.Account \(id\): a reference by name and type/u,
  ],
  [
    'an orphan of a reference that no key declares',
    `UPDATE "Line" SET "userId" = 'u99' WHERE order_id = 4`,
    'shop.Line[order_id="4", part="1"].userId',
    /by name and type/u,
  ],
  [
    'an orphan of a reference that the mapping gives',
    `UPDATE "Payment" SET thing = 999 WHERE id = 3`,
    'shop.Payment[id="3"].thing',
    /a reference that the mapping gives/u,
  ],
  ['an orphan in one partition', unchecked(`UPDATE "Event" SET "userId" = 'ghost' WHERE id = 15`), 'shop.Event[userId="ghost"].userId', /Event_userId_fkey/u],
  [
    'an orphan of a key of two columns',
    unchecked(`UPDATE "Note" SET part = 9 WHERE id = 1`),
    'shop.Note[id="1"].order_id+part',
    /order_id="1", part="9" refers/u,
  ],
  ['half a key under MATCH FULL', unchecked(`UPDATE "Note" SET part = NULL WHERE id = 1`), 'shop.Note[id="1"].order_id+part', /part=NULL refers/u],
  [
    'an orphan under a foreign key that is NOT VALID',
    `ALTER TABLE "User" DROP CONSTRAINT "User_teamId_fkey"; UPDATE "User" SET "teamId" = 'none' WHERE id = 'u3'; ALTER TABLE "User" ADD CONSTRAINT "User_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" (id) NOT VALID`,
    'shop.User[id="u3"].teamId',
    /which is NOT VALID/u,
  ],
])('%s is found where it is, and nothing else', async (_, sql, key, detail) => {
  await two.run('target', sql);
  const { items, total, measurement } = await look();
  expect(items.map((item) => item.key)).toEqual([key]);
  expect(items[0]?.detail).toMatch(detail);
  expect({ total, healthy: measurement.instrument.healthy }).toEqual({ total: 1, healthy: true });
});

test('more orphans than are named are all counted', async () => {
  await two.run('target', unchecked(`UPDATE "Thing" SET "ownerId" = 'ghost' WHERE id > 2`));
  const { items, total } = await look({ options: { named: 3 } as object });
  expect({ named: items.length, total }).toEqual({ named: 3, total: 18 });
});

test('a column that the mapping calls no reference is not looked at', async () => {
  await two.run('target', `UPDATE "Payment" SET "accountId" = 'gone' WHERE id = 3`);
  const { items } = await look({ mapping: { ...mapping, references: { 'shop.Payment.accountId': { none: 'an account of the bank' } } } });
  expect(items).toEqual([]);
});

test('hidden values are not shown, and their orphan is', async () => {
  await two.run('target', `UPDATE "Payment" SET "accountId" = 'secret' WHERE id = 3`);
  const { items } = await look({ mapping: { ...mapping, redact: ['shop.Payment.accountId'] } });
  expect(items.map(({ key, detail }) => [key, detail.includes('secret')])).toEqual([['shop.Payment[id="3"].accountId', false]]);
});

test('a table that may not be read, and a reference that the mapping misspells, leave the check unfit to say that there is none', async () => {
  await two.run(
    'target',
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN CREATE ROLE reader LOGIN PASSWORD 'a-password'; END IF; END $$;
    GRANT USAGE ON SCHEMA shop, core TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA core TO reader; GRANT SELECT ON "User", "Team", "Event", "Note", "Payment" TO reader`,
  );
  const url = two.databases.target?.url.replace('//naap:', '//reader:') ?? '';
  const measured = await measureData(
    orphanedRows,
    { ...two.databases, target: { url } },
    { mapping: { ...mapping, references: { 'shop.Payment.nothing': 'shop.Thing.id' } } },
  );
  expect(measured.get('relations.orphaned-rows')).toMatchObject({
    instrument: { healthy: false, why: expect.stringMatching(/permission denied for table/u), facts: { tablesNotSeen: 4 } },
    payload: { totalItems: 0 },
  });
});
