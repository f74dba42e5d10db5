// Measures whether the statements of the workload are as quick and as well planned as before (plan §1.3: "Query performance within 10% of baseline").
import { z } from 'zod';
import type { Check, CheckContext, CheckEvent, Instrument, Item, Measurement } from '../../gates/model.ts';
import { completeMapping } from './mapping.ts';
import { planWords } from './queries/plans.ts';
import { type Readied, type Side, observedIn, openPair, readied } from './queries/readied.ts';
import { type Times, timed } from './queries/timing.ts';
import { type SidedStatement, configured } from './queries/workload.ts';

const Options = z.strictObject({
  /** Time that a statement may take of a round, both sides together, ms. */
  statementMs: z.int().min(1),
  /** Executions of a statement on each side in a round. */
  minPairs: z.int().min(1),
  maxPairs: z.int().min(1),
  /** Longest execution, ms; a statement that takes longer was not timed. */
  statementTimeoutMs: z.int().min(100),
});
type Options = z.infer<typeof Options>;

const PR: Options = { statementMs: 150, minPairs: 5, maxPairs: 50, statementTimeoutMs: 10_000 };
const FULL: Options = { statementMs: 500, minPairs: 5, maxPairs: 200, statementTimeoutMs: 60_000 };
/** Of a statement's text in a finding. */
const SHOWN_SQL = 160;

async function* measure(context: CheckContext, options: Options, firstRound = 0): AsyncGenerator<CheckEvent> {
  const statements = await statementsOf(context, options);
  for (let round = firstRound; ; round += 1) {
    const startedAt = context.clock.now().toISOString();
    const times = yield* timedRound(context, options, statements, round);
    const ready = [...times.keys()];
    const span = { startedAt, endedAt: context.clock.now().toISOString() };
    // Plans do not change from one round to the next, and a finding counts once.
    if (round === 0 || ready.length === 0) yield { kind: 'measurement', measurement: { ...planFindings(ready, context), ...span } };
    for (const measurement of timesOf(ready, times)) yield { kind: 'measurement', measurement: { ...measurement, ...span } };
    if (round === firstRound) await context.artifacts.put('query-times/statements.json', 'application/json', JSON.stringify(told(ready, times), null, 2));
    yield { kind: 'end-of-round' };
  }
}

async function statementsOf({ queries, databases }: CheckContext, { statementTimeoutMs }: Options): Promise<readonly SidedStatement[]> {
  if (queries !== undefined) return configured(queries);
  const sessions = openPair(databases, statementTimeoutMs);
  try {
    return await observedIn(sessions, databases.legacy);
  } finally {
    await sessions.close();
  }
}

/**
 * Database by database, with a fresh session on either side: a backend that has served others before has another memory to sort in,
 * and was measured 25 % slower with equal plans on equal rows.
 */
async function* timedRound(
  context: CheckContext,
  options: Options,
  statements: readonly SidedStatement[],
  round: number,
): AsyncGenerator<CheckEvent, ReadonlyMap<Readied, Times>> {
  const mapping = completeMapping(context.mapping, context.databases.legacy);
  const times = new Map<Readied, Times>();
  for (const own of Map.groupBy(statements, ({ database }) => database).values()) {
    const sessions = openPair(context.databases, options.statementTimeoutMs);
    try {
      for (const one of await readied(own, sessions, mapping)) {
        context.signal.throwIfAborted();
        yield { kind: 'progress', text: `round ${round + 1}: ${one.statement.id}`, done: times.size, total: statements.length };
        times.set(one, await timed(one, { budgetMs: options.statementMs, ...options }));
      }
    } finally {
      await sessions.close();
    }
  }
  return times;
}

type Figures = Omit<Measurement, 'startedAt' | 'endedAt'>;

function planFindings(ready: readonly Readied[], { databases }: CheckContext): Figures {
  const compared = ready.filter(({ sides, failed }) => sides.legacy !== undefined && (sides.target !== undefined || failed.target !== undefined));
  const items = compared.flatMap((one): Item[] => {
    const { statement, failed, regressions } = one;
    // What was only counted may rightly be another statement now; what somebody named for the target must run there.
    const reasons = failed.target !== undefined && statement.isConfigured ? [`The target does not run it: ${failed.target}.`] : regressions;
    return reasons.length === 0 ? [] : [{ key: statement.id, detail: `${reasons.join(' ')} ${shortSql(statement.sql.target)}` }];
  });
  const unseen = ready.filter(({ sides }) => sides.legacy === undefined || sides.target === undefined);
  return {
    metric: 'queries.plan-regressions',
    labels: {},
    n: compared.length,
    instrument: planInstrument(ready, unseen, items.length > 0, databases.legacy.length > 0),
    payload: { shape: 'set', items, totalItems: items.length },
  };
}

/** What could not be explained on both sides makes it unfit to say that no plan is worse. */
function planInstrument(ready: readonly Readied[], unseen: readonly Readied[], found: boolean, hasLegacy: boolean): Instrument {
  const base = { name: 'explain', version: '1', facts: { statements: ready.length, notExplained: unseen.length } };
  if (ready.length === 0)
    return {
      ...base,
      healthy: false,
      why: hasLegacy
        ? 'no statement of the workload is known: install pg_stat_statements in the legacy databases, or name the statements in environments.NAME.queries'
        : 'there are neither legacy databases nor statements: name them in environments.NAME.databases.legacy and environments.NAME.queries',
    };
  const [first] = unseen;
  if (first === undefined || found) return { ...base, healthy: true };
  return {
    ...base,
    healthy: false,
    why: `${unseen.length} of ${ready.length} statements could not be explained on both sides, the first: ${first.statement.id} (${first.failed.legacy ?? first.failed.target ?? 'there is nothing to compare with'}). Where names changed, give its form for the target in environments.NAME.queries`,
  };
}

/** A statement that a side did not run stands there without a sample, so that it is missed. */
function* timesOf(ready: readonly Readied[], times: ReadonlyMap<Readied, Times>): Generator<Figures> {
  const plansOnly = ready.filter(({ params, failed }) => params === undefined && failed.legacy === undefined && failed.target === undefined);
  for (const one of ready.filter((each) => !plansOnly.includes(each))) {
    for (const side of ['target', 'legacy'] as const) {
      const samples = times.get(one)?.[side] ?? [];
      const why = one.failed[side];
      if (side === 'legacy' && samples.length === 0 && one.sides.legacy === undefined) continue;
      yield {
        metric: 'queries.time',
        labels: { side, subject: one.statement.id },
        n: samples.length,
        instrument: {
          name: 'explain-analyze',
          version: '1',
          healthy: true,
          facts: { plansOnly: plansOnly.length, ...(why === undefined ? {} : { notRun: why }) },
        },
        payload: { shape: 'samples', samples: [...samples] },
      };
    }
  }
}

function told(ready: readonly Readied[], times: ReadonlyMap<Readied, Times>): unknown {
  return ready.map((one) => {
    const { statement, sides, failed, regressions, params } = one;
    const side = (name: Side): unknown => ({
      sql: statement.sql[name],
      plan: sides[name] === undefined ? undefined : planWords(sides[name].plan),
      cost: sides[name]?.plan['Total Cost'],
      medianMs: median(times.get(one)?.[name] ?? []),
      failed: failed[name],
    });
    return { id: statement.id, database: statement.database, isTimed: params !== undefined, regressions, legacy: side('legacy'), target: side('target') };
  });
}

function median(samples: readonly number[]): number | undefined {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)];
}
function shortSql(sql: string): string {
  const text = sql.replaceAll(/\s+/gu, ' ').trim();
  return text.length <= SHOWN_SQL ? text : `${text.slice(0, SHOWN_SQL)}…`;
}

export const queryTimes: Check<Options> = {
  id: 'query-times',
  title: 'Statements of the workload, timed on both sides',
  about: {
    proves: 'No statement of the workload is more than a tenth slower in the consolidated database than in the legacy one, and none has a worse plan.',
    how: "The statements are those of the environment's `queries`, else the reading ones that took most time by pg_stat_statements of each legacy database; parameters without a value get one from the rows of the column that they are compared with. Each is prepared with a generic plan on both sides, in the schema that the mapping gives it, and run by turns (legacy, target, target, legacy …) as EXPLAIN ANALYZE without its clocks, whose execution time the server takes itself: the way to it is not in it. Plans are worse where a table of 500 rows or more is read whole that was read by an index, where so many rows are sorted that an index had in order, or where the planner's cost is ten times as high and above 1000; estimates that differ are not.",
    source:
      'Plan §1.3: within 10 %, and at least 0.05 ms, below which it is the noise of the clock. 500 rows (a dozen pages), ten times and a cost of 1000 are ours.',
    leavesOpen:
      'Statements that write are explained and not run. Concurrency, network and the way through a pooler are the load checks. What the workload does not name is not seen.',
    whenItFails:
      'The finding names table and index: recreate what is missing, run ANALYZE after the copy, and VACUUM where rows were rolled back. Slower with the same plan: look at bloat, collation and settings (work_mem, random_page_cost) of both servers.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['database:target'],
  wants: ['databases:legacy'],
  locks: ['machine', 'target'],
  after: [],
  options: Options,
  presets: { pr: PR, full: FULL },
  versus: { pr: PR, full: FULL },
  versusNeeds: ['databases:legacy'],
  metrics: {
    'queries.time': { title: 'Execution time of a statement', unit: 'ms', shape: 'samples', better: 'lower' },
    'queries.plan-regressions': { title: 'Statements with a worse plan than before', unit: 'count', shape: 'set', better: 'lower' },
  },
  defaultExpect: [{ kind: 'none', metric: 'queries.plan-regressions' }],
  estimate: ({ statementMs }) => ({ seconds: 1 + (statementMs * 30) / 1000, requests: 0 }),
  timeoutMs: ({ statementMs, statementTimeoutMs }) => 60_000 + 200 * statementMs + 4 * statementTimeoutMs,
  measure,
};
