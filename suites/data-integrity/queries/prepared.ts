// One statement prepared on one session, explained and timed there with a generic plan. Used by query-times.
import type { DatabaseSession, WorkloadStatement } from '../../../gates/model.ts';
import { quoteLiteral, quoteName } from '../../instruments/database/quoting.ts';
import type { PlanNode } from './plans.ts';

export type Params = NonNullable<WorkloadStatement['params']>;

export interface Prepared {
  /** Types of its parameters, as the server found them. */
  readonly types: readonly string[];
  /** The generic plan, costs and all; without running it. */
  explain(params: Params | undefined): Promise<PlanNode>;
  /** Runs it and answers the server's own execution time, ms: neither network nor planning are in it. An error breaks the session's transaction. */
  run(params: Params): Promise<number>;
}

/** Within the savepoint an error costs nothing but the statement. Throws pg's error. */
export async function tried<Result>(session: DatabaseSession, work: () => Promise<Result>): Promise<Result> {
  await session.rows('SAVEPOINT statement');
  try {
    const result = await work();
    await session.rows('RELEASE SAVEPOINT statement');
    return result;
  } catch (error) {
    await session.rows('ROLLBACK TO SAVEPOINT statement');
    throw error;
  }
}

/** `name`: unique on the session, whose statements share one search path: another one since would make the server plan anew. Throws pg's error where the side does not take it. */
export async function prepare(session: DatabaseSession, name: string, sql: string, searchPath: string): Promise<Prepared> {
  const quoted = quoteName(name);
  await session.rows("SELECT set_config('search_path', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true)", [searchPath]);
  await tried(session, () => session.rows(`PREPARE ${quoted} AS ${sql.replace(/;\s*$/u, '')}`));
  const [row] = await session.rows('SELECT parameter_types::text[]::text AS types FROM pg_prepared_statements WHERE name = $1', [name]);
  const types = arrayItems(row?.['types'] ?? '{}');
  const explained = async (options: string, params: Params | undefined): Promise<Explained> => {
    const values = params?.map(literal) ?? types.map(() => 'NULL');
    const call = values.length === 0 ? quoted : `${quoted}(${values.join(', ')})`;
    const [plan] = await session.rows(`EXPLAIN (${options}, FORMAT JSON) EXECUTE ${call}`);
    return (JSON.parse(plan?.['QUERY PLAN'] ?? '[]') as readonly Explained[])[0] ?? {};
  };
  return {
    types,
    async explain(params) {
      const { Plan: plan } = await tried(session, () => explained('VERBOSE', params));
      if (plan === undefined) throw new Error('EXPLAIN answered no plan.');
      return plan;
    },
    async run(params) {
      const { 'Execution Time': time } = await explained('ANALYZE, TIMING OFF, SUMMARY ON', params);
      if (time === undefined) throw new Error('EXPLAIN ANALYZE answered no time.');
      return time;
    },
  };
}

interface Explained {
  readonly Plan?: PlanNode;
  readonly 'Execution Time'?: number;
}

/** Without its type, which the statement gives it. */
function literal(value: Params[number]): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return quoteLiteral(`{${value.map((one) => (one === null ? 'NULL' : JSON.stringify(String(one)))).join(',')}}`);
  return quoteLiteral(String(value));
}

/** Of type names, which hold neither quotes nor commas but within parentheses and quotes of their own. */
function arrayItems(text: string): readonly string[] {
  return (text.slice(1, -1).match(/"(?:[^"\\]|\\.)*"|[^,]+/gu) ?? []).map((item) => (item.startsWith('"') ? (JSON.parse(item) as string) : item));
}
