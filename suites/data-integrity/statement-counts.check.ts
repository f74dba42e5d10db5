// Measures how many statements a request costs, and whether they grow with the rows that it answers (plan §1.3: "No N+1 queries introduced").
import { z } from 'zod';
import type { Check, CheckContext, CheckEvent, Endpoint, Instrument, Item, Measurement, Session } from '../../gates/model.ts';
import type { Side } from './queries/readied.ts';
import { type Observation, repetition, rowsIn } from './queries/repetitions.ts';
import { type Counts, type StatementCounters, added, least, openCounters } from './queries/statement-counters.ts';

const Options = z.strictObject({
  /** Query parameter that the API takes for the length of a page. */
  pageParameter: z.string().min(1),
  /** Lengths to ask for, shortest first. */
  pageSizes: z.array(z.int().min(1)).min(1),
  /** Each request is sent so often: what is not its own is not there every time. */
  repeats: z.int().min(1),
});
type Options = z.infer<typeof Options>;

const PRESET: Options = { pageParameter: 'limit', pageSizes: [1, 10, 50], repeats: 3 };
const SHOWN_SQL = 160;

/** What was seen of a route of one side. */
interface RouteCost {
  readonly endpoint: Endpoint;
  readonly observations: readonly Observation[];
  /** Why it was not asked. */
  readonly notAsked?: string;
}

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const legacy = yield* side(context, options, 'legacy');
  const target = yield* side(context, options, 'target');
  const why = typeof legacy === 'string' ? legacy : undefined;
  if (typeof legacy !== 'string' && legacy.instrument.healthy) yield { kind: 'measurement', measurement: legacy };
  if (typeof target === 'string') yield { kind: 'measurement', measurement: uncounted(context, target) };
  else yield { kind: 'measurement', measurement: why === undefined ? target : withFact(target, why) };
  yield { kind: 'end-of-round' };
}

/** Or why the side cannot be counted. */
async function* side(context: CheckContext, options: Options, name: Side): AsyncGenerator<CheckEvent, Measurement | string> {
  if (name === 'legacy' && !hasSide(context)) return 'the environment has no live legacy side';
  const startedAt = context.clock.now().toISOString();
  const counters = await openCounters(context.databases, name);
  if (typeof counters === 'string') return counters;
  try {
    const routes = context.surface.endpoints.filter(isPlainRead);
    const costs: RouteCost[] = [];
    for (const [index, endpoint] of routes.entries()) {
      context.signal.throwIfAborted();
      yield { kind: 'progress', text: `${name}: ${endpoint.id}`, done: index, total: routes.length };
      costs.push(await costOf(context, counters, endpoint, options, name));
    }
    const items = await findings(costs, counters);
    await context.artifacts.put(`statement-counts/${name}.json`, 'application/json', JSON.stringify(costs.map(told), null, 2));
    const asked = costs.filter(({ notAsked }) => notAsked === undefined);
    return {
      metric: 'queries.n-plus-one',
      labels: { side: name },
      n: asked.length,
      startedAt,
      endedAt: context.clock.now().toISOString(),
      instrument: instrumentOf(costs, items.length > 0),
      payload: { shape: 'set', items, totalItems: items.length },
    };
  } finally {
    await counters.close();
  }
}

function hasSide(context: CheckContext): boolean {
  try {
    return context.url('/api/', 'legacy') !== '';
  } catch {
    return false;
  }
}

/** A read of a fixed path that answers JSON and is no login. */
function isPlainRead({ method, effect, authQuota, expect, params = {} }: Endpoint): boolean {
  const isFixed = !Object.values(params).some((value) => value.startsWith('@'));
  return method === 'GET' && effect === 'read' && authQuota !== true && expect.location === undefined && isFixed && expect.status.includes(200);
}

async function costOf(context: CheckContext, counters: StatementCounters, endpoint: Endpoint, options: Options, name: Side): Promise<RouteCost> {
  const session = await sessionFor(context, endpoint, name);
  if (session === 'none') return { endpoint, observations: [], notAsked: 'no account may ask it' };
  const observations: Observation[] = [];
  for (const size of pageOrder(options.pageSizes)) {
    const seen: Counts[] = [];
    let rows = 0;
    for (let repeat = 0; repeat < options.repeats; repeat += 1) {
      const before = await counters.read();
      const { status, json } = await context.http.send({
        path: withPage(endpoint, options.pageParameter, size),
        side: name,
        ...(session === undefined ? {} : { as: session }),
      });
      if (!endpoint.expect.status.includes(status)) return { endpoint, observations: [], notAsked: `it answered ${status}` };
      seen.push(added(before, await counters.read()));
      rows = rowsIn(json);
    }
    observations.push({ rows, statements: least(seen) });
    // Neither the shortest page nor the longest changed the number of rows: it knows no pages.
    if (observations.length === 2 && observations[0]?.rows === observations[1]?.rows) break;
  }
  return { endpoint, observations };
}

/** The ends first: what they do not tell apart, the rest need not be asked for. */
function pageOrder(sizes: readonly number[]): readonly number[] {
  const [first, ...rest] = sizes;
  const last = rest.at(-1);
  return first === undefined ? [] : last === undefined ? [first] : [first, last, ...rest.slice(0, -1)];
}

function withPage({ path, params = {} }: Endpoint, parameter: string, size: number): string {
  const filled = path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  return `${filled}${filled.includes('?') ? '&' : '?'}${parameter}=${size}`;
}

async function sessionFor({ accounts }: CheckContext, { access }: Endpoint, name: Side): Promise<Session | undefined | 'none'> {
  if (access === 'public') return undefined;
  const account = accounts.names.find((one) => access === 'authenticated' || access.includes(accounts.roleOf(one)));
  return account === undefined ? 'none' : accounts.session(account, name);
}

async function findings(costs: readonly RouteCost[], counters: StatementCounters): Promise<Item[]> {
  const items: Item[] = [];
  for (const { endpoint, observations } of costs) {
    const found = repetition(observations);
    if (found === undefined) continue;
    const text = await counters.textOf(found.statement);
    const before = found.fewerRows === 0 ? '' : ` For ${found.fewerRows} ${found.fewerRows === 1 ? 'row' : 'rows'}: ${found.fewerCalls}.`;
    items.push({
      key: `${endpoint.method} ${endpoint.path}`,
      detail: `One statement is sent ${found.calls} times for ${found.rows} rows.${before} ${text.length <= SHOWN_SQL ? text : `${text.slice(0, SHOWN_SQL)}…`}`,
    });
  }
  return items;
}

function instrumentOf(costs: readonly RouteCost[], found: boolean): Instrument {
  const unasked = costs.filter(({ notAsked }) => notAsked !== undefined);
  const statements = costs.flatMap(({ observations }) => observations.map(total));
  const base = {
    name: 'pg_stat_statements',
    version: '1',
    facts: { routes: costs.length, notAsked: unasked.length, mostStatements: Math.max(0, ...statements) },
  };
  if (statements.every((count) => count === 0))
    return {
      ...base,
      healthy: false,
      why: 'no request was counted with a single statement: pg_stat_statements.track is none, or the application uses another server',
    };
  const [first] = unasked;
  if (first === undefined || found) return { ...base, healthy: true };
  return {
    ...base,
    healthy: false,
    why: `${unasked.length} of ${costs.length} routes were not counted, the first: ${first.endpoint.id} (${first.notAsked ?? ''})`,
  };
}

function total({ statements }: Observation): number {
  return [...statements.values()].reduce((sum, calls) => sum + calls, 0);
}
function told({ endpoint, observations, notAsked }: RouteCost): unknown {
  return { route: `${endpoint.method} ${endpoint.path}`, notAsked, costs: observations.map((one) => ({ rows: one.rows, statements: total(one) })) };
}

function uncounted({ clock }: CheckContext, why: string): Measurement {
  const now = clock.now().toISOString();
  const instrument: Instrument = { name: 'pg_stat_statements', version: '1', healthy: false, why };
  return {
    metric: 'queries.n-plus-one',
    labels: { side: 'target' },
    n: 0,
    startedAt: now,
    endedAt: now,
    instrument,
    payload: { shape: 'set', items: [], totalItems: 0 },
  };
}
function withFact(measurement: Measurement, legacy: string): Measurement {
  const { instrument } = measurement;
  return { ...measurement, instrument: { ...instrument, facts: { ...instrument.facts, legacyNotCounted: legacy } } };
}

export const statementCounts: Check<Options> = {
  id: 'statement-counts',
  title: 'Statements that a request costs',
  about: {
    proves: 'No list of the API sends a statement for every row that it answers, other than those that did so before.',
    how: 'Every reading route of the surface is asked for pages of 1, 10 and 50 rows, three times each, and pg_stat_statements is read before and after; of each statement the least that was seen counts, since what others do is not there every time. A statement that is sent at least once more for every fifth row more, and three times more at the least, is an N+1. A route without pages is held against none at all. The live legacy side is asked alike.',
    source:
      'Plan §1.3. Page lengths, repetitions and the fifth are ours: rows that share an author ask for him once, and a loader that batches by ten is none.',
    leavesOpen:
      'Routes that need an object of their own in the path, writes, and lists with fewer than five rows more on the longest page. How long the statements take is `query-times`.',
    whenItFails: 'The finding names the statement: load it with a join, with `= ANY ($1)`, or by the `include` of Prisma instead of in a loop.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['database:target'],
  wants: ['accounts', 'databases:legacy'],
  locks: ['target'],
  after: [],
  options: Options,
  presets: { pr: PRESET, full: PRESET },
  metrics: { 'queries.n-plus-one': { title: 'Routes whose statements grow with their rows', unit: 'count', shape: 'set', better: 'lower' } },
  defaultExpect: [{ kind: 'none', metric: 'queries.n-plus-one' }],
  estimate: ({ pageSizes, repeats }, surface) => {
    const requests = 2 * surface.endpoints.filter(isPlainRead).length * pageSizes.length * repeats;
    return { seconds: 1 + requests * 0.02, requests };
  },
  timeoutMs: () => 300_000,
  measure,
};
