// Statements made ready on both sides: prepared, explained, run once, with what kept them from it. Used by query-times, database by database.
import type { DataMapping, DatabaseSession, Databases } from '../../../gates/model.ts';
import { GateError } from '../../../gates/model.ts';
import { type PlanNode, type SidePlan, type TableFacts, regressions } from './plans.ts';
import { type Params, type Prepared, prepare, tried } from './prepared.ts';
import { sampledParams } from './sampled-params.ts';
import { type SidedStatement, observed, searchPath, targetName } from './workload.ts';

export type Side = 'legacy' | 'target';

export interface ReadiedSide {
  readonly session: DatabaseSession;
  readonly prepared: Prepared;
  readonly plan: PlanNode;
}
export interface Readied {
  readonly statement: SidedStatement;
  readonly sides: Readonly<Partial<Record<Side, ReadiedSide>>>;
  /** Undefined: it writes, or a parameter could not be told; its plan is compared, and it is not run. */
  readonly params: Params | undefined;
  /** What a side said when it did not take or run it. */
  readonly failed: Readonly<Partial<Record<Side, string>>>;
  /** Where the target's plan is worse, in words. */
  readonly regressions: readonly string[];
}

const WRITES = '25006';

/** Sessions of both sides; each is opened when it is first needed. */
export interface PairSessions {
  target(): Promise<DatabaseSession>;
  /** Undefined: the environment has no such database. */
  legacy(database: string): Promise<DatabaseSession | undefined>;
  close(): Promise<void>;
}

export function openPair(databases: Databases, statementTimeoutMs: number): PairSessions {
  const opened = new Map<string, Promise<DatabaseSession>>();
  const open = (name: string, place: Parameters<Databases['open']>[0]): Promise<DatabaseSession> => {
    const session = opened.get(name) ?? databases.open(place, { statementTimeoutMs });
    opened.set(name, session);
    return session;
  };
  return {
    target: () => open('', 'target'),
    legacy: async (database) => (databases.legacy.includes(database) ? open(database, { legacy: database }) : undefined),
    async close() {
      for (const opening of await Promise.allSettled(opened.values())) if (opening.status === 'fulfilled') await opening.value.close();
    },
  };
}

export async function observedIn(sessions: PairSessions, databases: readonly string[]): Promise<readonly SidedStatement[]> {
  const all: SidedStatement[] = [];
  for (const database of databases) {
    const session = await sessions.legacy(database);
    if (session !== undefined) all.push(...(await observed(session, database)));
  }
  return all;
}

export async function readied(statements: readonly SidedStatement[], sessions: PairSessions, mapping: DataMapping): Promise<readonly Readied[]> {
  const facts = new Map<DatabaseSession, ReadonlyMap<string, TableFacts>>();
  const all: Readied[] = [];
  for (const statement of statements) {
    const { database } = statement;
    const session = { legacy: await sessions.legacy(database), target: await sessions.target() };
    const failed: Partial<Record<Side, string>> = session.legacy === undefined ? { legacy: `There is no legacy database ${database}.` } : {};
    const sides: Partial<Record<Side, ReadiedSide>> = {};
    let params = statement.params;
    for (const side of ['legacy', 'target'] as const) {
      const own = session[side];
      if (own === undefined) continue;
      try {
        const prepared = await prepare(own, `naap-gate ${statement.id}`, statement.sql[side], searchPath(mapping, database, side));
        params ??= await sampledParams(own, statement.sql[side], prepared);
        if (params === undefined && statement.isConfigured) throw new Error('Nothing tells what value a parameter may have: give `params`.');
        sides[side] = { session: own, prepared, plan: await prepared.explain(params) };
        const values = params;
        if (values !== undefined) await tried(own, () => prepared.run(values));
      } catch (error) {
        if (error instanceof GateError) throw error;
        if ((error as { code?: string }).code === WRITES) params = undefined;
        else failed[side] = error instanceof Error ? error.message : String(error);
      }
    }
    all.push({ statement, sides, params, failed, regressions: await worsePlans(statement, sides, session, facts, mapping) });
  }
  return all;
}

async function worsePlans(
  { database }: SidedStatement,
  sides: Readied['sides'],
  sessions: Readonly<Record<Side, DatabaseSession | undefined>>,
  known: Map<DatabaseSession, ReadonlyMap<string, TableFacts>>,
  mapping: DataMapping,
): Promise<readonly string[]> {
  const { legacy, target } = sides;
  if (legacy === undefined || target === undefined || sessions.legacy === undefined || sessions.target === undefined) return [];
  const names = {
    legacy: (_schema: string, table: string) => targetName(mapping, database, table),
    target: (schema: string, table: string) => `${schema}.${table}`,
  };
  const sidePlan = async (side: Side, session: DatabaseSession, plan: PlanNode): Promise<SidePlan> => {
    const tables = known.get(session) ?? (await tableFacts(session, names[side]));
    known.set(session, tables);
    return { plan, tables, nameOf: names[side] };
  };
  return regressions(await sidePlan('legacy', sessions.legacy, legacy.plan), await sidePlan('target', sessions.target, target.plan));
}

const TABLES = `
SELECT n.nspname AS schema, c.relname AS "table", c.reltuples::bigint AS rows,
  coalesce(json_object_agg(ic.relname, i.indisvalid AND i.indisready) FILTER (WHERE ic.relname IS NOT NULL), '{}')::text AS indexes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indrelid = c.oid LEFT JOIN pg_class ic ON ic.oid = i.indexrelid
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
GROUP BY n.nspname, c.relname, c.reltuples`;

async function tableFacts(session: DatabaseSession, nameOf: SidePlan['nameOf']): Promise<ReadonlyMap<string, TableFacts>> {
  return new Map(
    (await session.rows(TABLES)).map(({ schema, table, rows, indexes }) => [
      nameOf(String(schema), String(table)),
      { rows: Number(rows), indexes: new Map(Object.entries(JSON.parse(indexes ?? '{}') as Record<string, boolean>)) },
    ]),
  );
}
