// The tables of a run store, version by version, and how a database comes to have them. Called when a PostgreSQL store is opened.
import { GateError } from '../../gates/model.ts';
import type { Database } from './database.ts';

/**
 * What a line must be is said once, by the database, whoever writes: the next in its file, on the digest of the one before.
 * What is stored does not change: a row of lines or contents can neither be updated nor deleted, short of dropping the triggers.
 */
const VERSION_1 = `
CREATE TABLE naap_gate.runs (
  id text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL
);

-- Who writes a run. It ends by itself, so that a machine that died does not keep a run.
CREATE TABLE naap_gate.leases (
  run text PRIMARY KEY REFERENCES naap_gate.runs (id),
  holder text NOT NULL,
  who text NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);

CREATE TABLE naap_gate.lines (
  run text NOT NULL REFERENCES naap_gate.runs (id),
  file text NOT NULL CHECK (file IN ('journal', 'ledger')),
  seq integer NOT NULL CHECK (seq >= 0),
  type text NOT NULL,
  at text NOT NULL,
  prev text NOT NULL,
  sha256 text NOT NULL,
  line text NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run, file, seq)
);
CREATE INDEX lines_by_type ON naap_gate.lines (type, run);

-- Bytes by their SHA-256, in parts of 1 MiB. A row of contents says that all parts are there.
CREATE TABLE naap_gate.parts (
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  part integer NOT NULL CHECK (part >= 0),
  bytes bytea NOT NULL,
  PRIMARY KEY (sha256, part)
);
CREATE TABLE naap_gate.contents (sha256 text PRIMARY KEY, size bigint NOT NULL, parts integer NOT NULL);

-- The files of a run besides its lines: artifacts, report.json and the other reports.
CREATE TABLE naap_gate.files (
  run text NOT NULL REFERENCES naap_gate.runs (id),
  name text NOT NULL CHECK (name ~ '^(artifacts/[0-9a-f]{64}|[A-Za-z0-9][A-Za-z0-9._-]{0,199})$'),
  sha256 text NOT NULL REFERENCES naap_gate.contents (sha256),
  PRIMARY KEY (run, name)
);

CREATE FUNCTION naap_gate.check_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  link json := NEW.line::json;
  head text;
BEGIN
  NEW.type := link->>'type';
  NEW.at := link->>'at';
  NEW.prev := link->>'prev';
  NEW.sha256 := encode(sha256(convert_to(NEW.line, 'UTF8')), 'hex');
  IF (link->>'seq')::integer IS DISTINCT FROM NEW.seq THEN
    RAISE EXCEPTION 'line % of the % of % carries seq %', NEW.seq, NEW.file, NEW.run, link->>'seq' USING ERRCODE = 'NG001';
  END IF;
  SELECT l.sha256 INTO head FROM naap_gate.lines l WHERE l.run = NEW.run AND l.file = NEW.file AND l.seq = NEW.seq - 1;
  IF NEW.prev IS DISTINCT FROM (CASE WHEN NEW.seq = 0 THEN repeat('0', 64) ELSE head END) THEN
    RAISE EXCEPTION 'line % of the % of % does not follow the line before it', NEW.seq, NEW.file, NEW.run USING ERRCODE = 'NG001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_line BEFORE INSERT ON naap_gate.lines FOR EACH ROW EXECUTE FUNCTION naap_gate.check_line();

CREATE FUNCTION naap_gate.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what is stored in % does not change', TG_TABLE_NAME USING ERRCODE = 'NG002';
END $$;
CREATE TRIGGER lines_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON naap_gate.lines EXECUTE FUNCTION naap_gate.refuse_change();
CREATE TRIGGER parts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON naap_gate.parts EXECUTE FUNCTION naap_gate.refuse_change();
CREATE TRIGGER contents_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON naap_gate.contents EXECUTE FUNCTION naap_gate.refuse_change();
`;

const MIGRATIONS: readonly string[] = [VERSION_1];

/** Any number that nobody else takes for an advisory lock: "naap" in ASCII. */
const LOCK = 0x6e616170;

/** Brings the tables to this version; several may do it at once. Throws RUN_STORE_UNUSABLE where they are of a newer one. */
export async function migrate(database: Database): Promise<void> {
  if ((await storeVersion(database)) === MIGRATIONS.length) return;
  await database.transaction(async (query) => {
    await query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await requireUtf8(query, database.place);
    await query('CREATE SCHEMA IF NOT EXISTS naap_gate');
    await query(
      'CREATE TABLE IF NOT EXISTS naap_gate.schema_migrations (version integer PRIMARY KEY, tool text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const version = await storeVersion({ ...database, query });
    for (const [index, statements] of MIGRATIONS.entries()) {
      if (index < version) continue;
      await query(statements);
      await query('INSERT INTO naap_gate.schema_migrations (version, tool) VALUES ($1, $2)', [index + 1, 'naap-gate']);
    }
  });
}

/** 0: no tables yet. Throws RUN_STORE_UNUSABLE where they are of a newer version. */
export async function storeVersion({ query, place }: Pick<Database, 'query' | 'place'>): Promise<number> {
  const [there] = await query<{ there: boolean }>("SELECT to_regclass('naap_gate.schema_migrations') IS NOT NULL AS there");
  if (there?.there !== true) return 0;
  const [row] = await query<{ version: number }>('SELECT coalesce(max(version), 0) AS version FROM naap_gate.schema_migrations');
  const version = row?.version ?? 0;
  if (version <= MIGRATIONS.length) return version;
  throw new GateError('RUN_STORE_UNUSABLE', `The store ${place} has tables of version ${version}; this naap-gate knows up to ${MIGRATIONS.length}.`, {
    remedy: 'Use a newer version of naap-gate. Nothing was changed.',
  });
}

async function requireUtf8(query: Database['query'], place: string): Promise<void> {
  const [row] = await query<{ server_encoding: string }>('SHOW server_encoding');
  if (row?.server_encoding === 'UTF8') return;
  throw new GateError('RUN_STORE_UNUSABLE', `The database ${place} is encoded as ${row?.server_encoding ?? '?'}; lines are UTF-8.`, {
    remedy: 'Make the database anew: createdb --encoding UTF8 --template template0 NAME.',
  });
}
