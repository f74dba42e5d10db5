// A small shop with one of everything that a catalogue can hold, for the tests of the catalogue and of relations; the same statements make both sides.
export const SHOP_SCHEMA = `
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE TYPE spot AS (x int, label text);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE "Team" (id text PRIMARY KEY, name text NOT NULL);
CREATE TABLE "User" (id text PRIMARY KEY, email text NOT NULL, "teamId" text REFERENCES "Team" (id) ON DELETE SET NULL, "createdAt" timestamptz NOT NULL DEFAULT now(), removed boolean NOT NULL DEFAULT false);
CREATE UNIQUE INDEX "User_email_key" ON "User" (email);
CREATE INDEX "User_active_idx" ON "User" ("createdAt") WHERE NOT removed;
CREATE INDEX "User_lower_idx" ON "User" (lower(email));
CREATE TABLE "Thing" (
  id bigserial PRIMARY KEY, "ownerId" text NOT NULL, name text NOT NULL COLLATE "C", price numeric(12, 2) DEFAULT 0 CHECK (price >= 0), feeling mood NOT NULL DEFAULT 'low',
  size positive, place spot, total numeric GENERATED ALWAYS AS (price * 2) STORED, number int GENERATED ALWAYS AS IDENTITY, during tstzrange, tags text[],
  CONSTRAINT "Thing_name_key" UNIQUE (name) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "Thing_name_pattern_idx" ON "Thing" (name text_pattern_ops);
CREATE INDEX "Thing_tags_idx" ON "Thing" USING gin (tags);
CREATE INDEX "Thing_ownerId_idx" ON "Thing" ("ownerId") INCLUDE (price);
ALTER TABLE "Thing" ADD CONSTRAINT "Thing_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User" (id) ON DELETE CASCADE;
ALTER TABLE "Thing" ALTER name SET STATISTICS 500;
CREATE STATISTICS "Thing_stat" (dependencies) ON "ownerId", price FROM "Thing";
CREATE TABLE "Line" (order_id int, part int, thing bigint, "userId" text, PRIMARY KEY (order_id, part));
CREATE TABLE "Note" (id int PRIMARY KEY, order_id int, part int, FOREIGN KEY (order_id, part) REFERENCES "Line" (order_id, part) MATCH FULL);
CREATE TABLE "Event" (id bigint NOT NULL, at timestamptz NOT NULL, "userId" text, CONSTRAINT "Event_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" (id)) PARTITION BY RANGE (at);
CREATE TABLE "Event_2025" PARTITION OF "Event" FOR VALUES FROM ('2025-01-01+00') TO ('2026-01-01+00');
CREATE TABLE "Event_2026" PARTITION OF "Event" FOR VALUES FROM ('2026-01-01+00') TO ('2027-01-01+00');
CREATE INDEX "Event_at_idx" ON "Event" (at);
CREATE SEQUENCE ticket INCREMENT 5;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."createdAt" := now(); RETURN NEW; END $$;
CREATE FUNCTION owner_of(thing bigint) RETURNS text LANGUAGE sql STABLE AS 'SELECT "ownerId" FROM "Thing" WHERE id = thing';
CREATE TRIGGER "User_touch" BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch();
CREATE VIEW "ActiveUser" AS SELECT u.id, u.email, t.name FROM "User" u LEFT JOIN "Team" t ON t.id = u."teamId" WHERE NOT u.removed;
CREATE MATERIALIZED VIEW "ThingCount" AS SELECT "ownerId", count(*) AS things FROM "Thing" GROUP BY "ownerId";
CREATE UNIQUE INDEX "ThingCount_key" ON "ThingCount" ("ownerId");
CREATE RULE "Team_keep" AS ON DELETE TO "Team" DO INSTEAD NOTHING;
ALTER TABLE "Thing" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Thing_own" ON "Thing" FOR SELECT TO app USING ("ownerId" = CURRENT_USER);
GRANT SELECT, INSERT ON "Thing", "User" TO app;
GRANT SELECT (id) ON "Team" TO app;
GRANT USAGE ON SEQUENCE ticket TO app;
`;
export const SHOP_ROWS = `
INSERT INTO "Team" VALUES ('t1', 'one'), ('t2', 'two');
INSERT INTO "User" (id, email, "teamId") SELECT 'u' || i, 'u' || i || '@shop.test', 't1' FROM generate_series(1, 20) i;
INSERT INTO "Thing" ("ownerId", name, price) SELECT 'u' || i, 'thing ' || i, i FROM generate_series(1, 20) i;
INSERT INTO "Line" SELECT i, 1, i, 'u' || i FROM generate_series(1, 20) i;
INSERT INTO "Note" VALUES (1, 1, 1), (2, NULL, NULL);
INSERT INTO "Event" SELECT i, timestamptz '2025-11-01+00' + i * interval '10 days', 'u' || i FROM generate_series(1, 20) i;
REFRESH MATERIALIZED VIEW "ThingCount";
SELECT nextval('ticket');
`;
/** Roles belong to the server, and both databases are on one. */
export const SHOP_ROLES = `
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app; CREATE ROLE other; END IF;
END $$;`;
/** What is of the database, after the schema. */
export const shopDatabase = (schema: string): string => `
ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT ON TABLES TO app;
CREATE PUBLICATION changes FOR TABLE "User", "Thing" WHERE (id > 0);
CREATE FUNCTION notice() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE EVENT TRIGGER watch_ddl ON ddl_command_end EXECUTE FUNCTION notice();
COMMENT ON TABLE "Thing" IS 'What is sold';`;

export const shopLegacy = `${SHOP_ROLES} ${SHOP_SCHEMA} ${SHOP_ROWS} ${shopDatabase('public')}`;
export const shopTarget = `${SHOP_ROLES} CREATE SCHEMA shop; GRANT USAGE ON SCHEMA shop TO app; SET search_path TO shop; ${SHOP_SCHEMA} ${SHOP_ROWS} ${shopDatabase('shop')}`;
