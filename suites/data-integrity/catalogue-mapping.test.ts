import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DataMapping, Measurement } from '../../gates/model.ts';
import { catalogueParity } from './catalogue-parity.check.ts';
import { foreignKeys } from './foreign-keys.check.ts';
import { indexParity } from './index-parity.check.ts';
import { shopLegacy, shopTarget } from './testing/shop.ts';
import { type TwoDatabases, measureData, twoDatabases } from './testing/two-servers.ts';

const mapping: DataMapping = { databases: { naap_shop: { schema: 'shop' } } };
const checks = [catalogueParity, indexParity, foreignKeys] as const;

let two: TwoDatabases;
beforeAll(async () => {
  two = await twoDatabases({ legacy: shopLegacy, target: shopTarget });
}, 60_000);
afterAll(() => two.close());
beforeEach(() => two.reset());

async function compare(more: { mapping?: DataMapping; options?: object } = {}, databases = two.databases): Promise<readonly Measurement[]> {
  const all: Measurement[] = [];
  for (const check of checks)
    all.push(...(await measureData(check as Parameters<typeof measureData>[0], databases, { mapping, ...more } as Parameters<typeof measureData>[2])).values());
  return all;
}
const keysOf = (measured: readonly Measurement[]): readonly string[] =>
  measured.flatMap(({ payload }) => (payload.shape === 'set' ? payload.items.map(({ key }) => key) : []));
const healthOf = (measured: readonly Measurement[]): readonly boolean[] => measured.map(({ instrument }) => instrument.healthy);

test.each<readonly [string, string]>([
  [
    'the order of columns',
    `ALTER TABLE "Team" ADD later text; UPDATE "Team" SET later = name; ALTER TABLE "Team" DROP name CASCADE; ALTER TABLE "Team" RENAME later TO name; ALTER TABLE "Team" ALTER name SET NOT NULL;
    CREATE VIEW "ActiveUser" AS SELECT u.id, u.email, t.name FROM "User" u LEFT JOIN "Team" t ON t.id = u."teamId" WHERE NOT u.removed; REVOKE ALL ON "ActiveUser" FROM app`,
  ],
  [
    'OIDs of an enum',
    `ALTER TYPE mood RENAME TO was; CREATE TYPE mood AS ENUM ('low', 'high'); ALTER TABLE "Thing" ALTER feeling DROP DEFAULT; ALTER TABLE "Thing" ALTER feeling TYPE mood USING feeling::text::mood;
    ALTER TABLE "Thing" ALTER feeling SET DEFAULT 'low'; DROP TYPE was`,
  ],
  ["the server's time zone", `DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET timezone TO ''Asia/Kathmandu'''; END $$`],
  ['a plain index more', `CREATE INDEX extra ON "Line" ("userId")`],
  ['a search path that leads to the schema', `DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET search_path TO shop, public'; END $$`],
  ['default privileges that grant the same', `ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO app`],
])('%s is no difference', async (_, sql) => {
  await two.run('target', sql);
  const measured = await compare();
  expect({ keys: keysOf(measured), health: healthOf(measured) }).toEqual({ keys: [], health: [true, true, true] });
});

test('a foreign key across schemas that is validated and enforced is no difference', async () => {
  await two.run(
    'target',
    `CREATE SCHEMA core; CREATE TABLE core."Plan" (id text PRIMARY KEY); ALTER TABLE "Line" ADD CONSTRAINT "Line_plan" FOREIGN KEY ("userId") REFERENCES core."Plan" (id) NOT VALID; DELETE FROM "Note"; DELETE FROM "Line";
    ALTER TABLE "Line" VALIDATE CONSTRAINT "Line_plan"`,
  );
  const measured = await compare({ mapping: { ...mapping, intended: { 'schema core': 'plans are new' } } });
  expect(keysOf(measured)).toEqual([]);
  expect(measured[0]?.instrument.facts).toMatchObject({ intendedDifferences: 1 });
  expect(measured[2]?.instrument.facts).toMatchObject({ acrossSchemas: 1 });
});

test('renamed tables and columns are followed into everything that names them', async () => {
  await two.run(
    'target',
    `ALTER TABLE "User" RENAME TO "Account"; ALTER TABLE "Account" RENAME email TO mail; ALTER INDEX "User_email_key" RENAME TO "Account_email_key";
    ALTER SEQUENCE "Thing_id_seq" RENAME TO "Item_id_seq"; ALTER TABLE "Thing" RENAME TO "Item"; ALTER TABLE "Item" RENAME "ownerId" TO owner_id;
    CREATE OR REPLACE FUNCTION owner_of(thing bigint) RETURNS text LANGUAGE sql STABLE AS 'SELECT owner_id FROM "Item" WHERE id = thing'`,
  );
  const renamed: DataMapping = {
    databases: {
      naap_shop: { schema: 'shop', tables: { User: { to: 'Account', columns: { email: 'mail' } }, Thing: { to: 'Item', columns: { ownerId: 'owner_id' } } } },
    },
  };
  // A view keeps the names of its own columns when those of its table are renamed.
  const measured = await compare({ mapping: renamed });
  expect(keysOf(measured)).toEqual(['view shop.ActiveUser: definition', 'materialised view shop.ThingCount: definition']);
});

test('a table in another schema, one left behind, a dropped column and an added one are as the mapping says', async () => {
  await two.run(
    'target',
    `CREATE SCHEMA core; GRANT USAGE ON SCHEMA core TO app; ALTER TABLE "Team" SET SCHEMA core; DROP TABLE "Note"; DROP VIEW "ActiveUser"; DROP RULE "Team_keep" ON core."Team"; ALTER TABLE "User" DROP removed, ADD phone text UNIQUE`,
  );
  const moved: DataMapping = {
    databases: {
      naap_shop: {
        schema: 'shop',
        tables: {
          Team: { schema: 'core' },
          Note: { leftBehind: 'nobody reads them' },
          User: { columns: { removed: { dropped: 'never set' } }, added: { phone: 'new' } },
        },
      },
    },
    intended: { 'view shop.ActiveUser': 'nobody used it' },
  };
  expect(keysOf(await compare({ mapping: moved }))).toEqual(['rule core.Team.Team_keep']);
});

test('comments are compared where it is asked for', async () => {
  await two.run('target', `COMMENT ON TABLE "Thing" IS 'What was sold'`);
  expect(keysOf(await compare({ options: { comments: true } }))).toEqual(['comment shop.Thing: text']);
  expect(keysOf(await compare({ options: { comments: false } }))).toEqual([]);
});

test('roles are followed by the mapping', async () => {
  await two.run(
    'target',
    `REASSIGN OWNED BY app TO other; REVOKE ALL ON "Thing", "User" FROM app; GRANT SELECT, INSERT ON "Thing", "User" TO other; REVOKE SELECT (id) ON "Team" FROM app; GRANT SELECT (id) ON "Team" TO other;
    REVOKE ALL ON SEQUENCE ticket FROM app; GRANT USAGE ON SEQUENCE ticket TO other; REVOKE USAGE ON SCHEMA shop FROM app; GRANT USAGE ON SCHEMA shop TO other; ALTER POLICY "Thing_own" ON "Thing" TO other;
    ALTER DEFAULT PRIVILEGES IN SCHEMA shop REVOKE SELECT ON TABLES FROM app; ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO other`,
  );
  expect(keysOf(await compare({ mapping: { ...mapping, roles: { app: 'other' } } }))).toEqual([]);
  expect(keysOf(await compare())).toContain('policy shop.Thing.Thing_own: roles');
});

test('what is not compared is a finding where its number differs, and makes the check unfit where it is the same', async () => {
  await two.run('legacy', `CREATE CAST (mood AS int) WITH INOUT`);
  const [different] = await compare();
  expect(keysOf(different === undefined ? [] : [different])).toEqual(['not compared casts']);
  await two.run('target', `CREATE CAST (mood AS int) WITH INOUT`);
  const [same] = await compare();
  expect(same).toMatchObject({
    instrument: { healthy: false, why: expect.stringContaining('casts (1 on either side, which nobody compared)') },
    payload: { items: [] },
  });
  const [told] = await compare({ mapping: { ...mapping, intended: { 'not compared casts': 'looked at by hand' } } });
  expect(told).toMatchObject({ instrument: { healthy: true, facts: { notCompared: 'casts (1, 1)' } }, payload: { items: [] } });
});

test('a legacy database without a table is no agreement, and neither is one whose tables lie in a schema that is not mapped', async () => {
  await two.run('legacy', `CREATE SCHEMA audit; CREATE TABLE audit.entry (id int)`);
  expect(keysOf(await compare())).toEqual(['schema naap_shop.audit']);
  const elsewhere = await compare({ mapping: { databases: { naap_shop: { schema: 'shop', from: 'nowhere' } }, intended: { '*': 'all of it' } } });
  expect(healthOf(elsewhere)).toEqual([false, false, false]);
  expect(elsewhere[0]?.instrument.why).toContain('naap_shop (its schema holds no table');
});

test('a sequence that may not be read is not where it should be: nothing is known of it', async () => {
  await two.run(
    'target',
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN CREATE ROLE reader LOGIN PASSWORD 'a-password'; END IF; END $$;`,
  );
  const url = two.databases.target?.url.replace('//naap:', '//reader:') ?? '';
  const [catalogue] = await compare({}, { ...two.databases, target: { url } });
  expect(catalogue).toMatchObject({
    instrument: { healthy: false, why: expect.stringMatching(/^3 .*sequence shop\.\w+ \(permission denied/u) },
    payload: { totalItems: 0 },
  });
});
