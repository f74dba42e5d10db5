// Whether each database takes a connection, which version it has, and what our role may do there: read-only queries of its catalogue, nothing else.
import type { DatabaseAddress } from '../../gates/model.ts';
import { GateError } from '../../gates/model.ts';
import { createSql } from '../../suites/instruments/sql.ts';
import { lacking, type Look, missing, named, note, ok, unseen, warn } from './finding.ts';
import { absentBelow, type OpenedEnvironment, type Patient } from './precondition.ts';

/** Of the catalogue alone, in one row: what our role may read, and whether it may write, which it need not. */
const CATALOGUE = `
  with tables as (
    select c.oid, n.oid as schema, n.nspname
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
  )
  select current_setting('server_version') as version,
         current_setting('server_version_num')::int / 10000 as major,
         current_user as role,
         (select rolsuper from pg_roles where rolname = current_user) as superuser,
         pg_is_in_recovery() as replica,
         count(*) as tables,
         count(distinct nspname) as schemas,
         count(*) filter (where not has_table_privilege(oid, 'SELECT') or not has_schema_privilege(schema, 'USAGE')) as unreadable,
         string_agg(distinct nspname, ', ') filter (where not has_table_privilege(oid, 'SELECT') or not has_schema_privilege(schema, 'USAGE')) as closed,
         count(*) filter (where has_table_privilege(oid, 'INSERT') or has_table_privilege(oid, 'UPDATE') or has_table_privilege(oid, 'DELETE')) as writable
  from tables`;

const STATEMENT_MS = 10_000;

export interface Catalogue {
  readonly version: string;
  readonly major: number;
  readonly role: string;
  readonly isSuperuser: boolean;
  readonly isReplica: boolean;
  readonly tables: number;
  readonly schemas: number;
  readonly unreadable: number;
  /** Schemas that hold them. */
  readonly closed: string;
  readonly writable: number;
}

/** Throws GateError DATABASE_UNREACHABLE, or pg's own error. */
export async function readCatalogue(address: DatabaseAddress, signal: AbortSignal): Promise<Catalogue> {
  const sql = createSql({ databases: { target: address }, signal, statementTimeoutMs: STATEMENT_MS });
  try {
    const [row = {}] = await sql.query('target', CATALOGUE);
    const text = (name: string): string => String(row[name] ?? '');
    return {
      version: text('version'),
      major: Number(row['major']),
      role: text('role'),
      isSuperuser: row['superuser'] === 't',
      isReplica: row['replica'] === 't',
      tables: Number(row['tables']),
      schemas: Number(row['schemas']),
      unreadable: Number(row['unreadable']),
      closed: text('closed'),
      writable: Number(row['writable']),
    };
  } finally {
    await sql.close();
  }
}

export function lookAtCatalogue(catalogue: Catalogue): readonly Look[] {
  const { version, role, isSuperuser, isReplica, tables, schemas, unreadable, closed, writable } = catalogue;
  return [
    ok(`PostgreSQL ${version}${isReplica ? ' (a replica)' : ''} as ${role}`, 'takes connections'),
    named('Reading', lookAtReading({ tables, schemas, unreadable, closed, role })),
    named(
      'Writing',
      isSuperuser || writable > 0
        ? note(
            isSuperuser ? `${role} is a superuser` : `${role} may write ${writable} of ${tables} tables`,
            'nothing: checks read in read-only transactions',
            'A role that can only read is enough, and safer: GRANT pg_read_all_data.',
          )
        : ok(`${role} can only read`, 'nothing: checks read in read-only transactions'),
    ),
  ];
}

function lookAtReading({ tables, schemas, unreadable, closed, role }: Pick<Catalogue, 'tables' | 'schemas' | 'unreadable' | 'closed' | 'role'>): Look {
  const needed = 'SELECT on every table of every schema';
  if (tables === 0) return warn('there are no tables', needed, 'Is it the right database? The name stands at the end of its URL.');
  if (unreadable === 0) return ok(`all ${tables} tables of ${schemas} ${schemas === 1 ? 'schema' : 'schemas'}`, needed);
  return missing(
    `${unreadable} of ${tables} tables cannot be read (${closed})`,
    needed,
    `GRANT pg_read_all_data TO ${JSON.stringify(role)}; or GRANT USAGE on the schemas and SELECT on their tables.`,
  );
}

export async function lookAtDatabase(name: string, address: DatabaseAddress, isNeeded: boolean, signal: AbortSignal): Promise<readonly Look[]> {
  try {
    return (await readCatalogue(address, signal).then(lookAtCatalogue)).map((look) =>
      named(look.name === undefined ? name : `${name}: ${look.name.toLowerCase()}`, look),
    );
  } catch (error) {
    signal.throwIfAborted();
    const isOurs = error instanceof GateError;
    const told = error instanceof Error ? error.message : String(error);
    const remedy = (isOurs ? error.remedy : undefined) ?? 'naap-gate explain DATABASE_UNREACHABLE tells more.';
    return [named(name, lacking(isNeeded, told, 'takes connections', remedy))];
  }
}

export async function lookAtDatabases(patient: Patient, opened: OpenedEnvironment): Promise<readonly Look[]> {
  const { environment } = opened;
  const { target, legacy = {} } = environment.databases as { target?: DatabaseAddress; legacy?: Readonly<Record<string, DatabaseAddress>> };
  const executions = typeof patient.planned === 'string' ? [] : (patient.planned.plan?.executions ?? []);
  const needs = (prefix: string): boolean => executions.some((execution) => execution.needs.some((need) => need.startsWith(prefix)));
  const look = async (name: string, path: string, address: DatabaseAddress, isNeeded: boolean): Promise<readonly Look[]> => {
    const absent = absentBelow(opened, path);
    if (absent.length > 0) return [named(name, unseen(`${absent.join(', ')} is not set`, 'takes connections'))];
    return lookAtDatabase(name, address, isNeeded, patient.signal);
  };
  const none = target === undefined ? [named('target', lookAtNone(needs('database'), environment.name))] : [];
  const looks = await Promise.all([
    ...(target === undefined ? [] : [look('target', 'databases.target', target, true)]),
    ...Object.entries(legacy).map(([name, address]) => look(name, `databases.legacy.${name}`, address, true)),
  ]);
  return [...none, ...looks.flat()];
}

function lookAtNone(isNeeded: boolean, environment: string): Look {
  const remedy = `Add environments.${environment}.databases: { target: { url: { env: 'NAME' } } }.`;
  return isNeeded
    ? missing('the environment names none', 'the target database', remedy)
    : note('the environment names none', 'nothing of what was looked at', remedy);
}
