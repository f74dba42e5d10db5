// Measures what is lost or left behind while the application writes to both sides (plan §1.2.2, §1.2.3: "Dual-write verified for 24 hours").
// One thing: the options, the words and the figures of one check; the watch itself is drift/watch.ts.
import { z } from 'zod';
import type { Case, Check, CheckContext, CheckEvent, Instrument, Item, Measurement } from '../../gates/model.ts';
import { type Watched, watchDrift } from './drift/watch.ts';
import { type TableState, WatchState, gapsOf, newState, observedMs } from './drift/watch-state.ts';
import { openSides } from './sides.ts';
import { whileWorking } from './workers.ts';

const Options = z.object({
  /** Time to watch, s; interruptions that `--resume` goes on after do not count. */
  observeSeconds: z.int().min(1),
  /** A row is quiet that was not written between two looks so far apart, ms. */
  quietMs: z.int().min(100),
  /** A write that has not arrived so long after its row was last written is lost, ms. */
  confirmMs: z.int().min(100),
  /** Rows of the first chunk of a table. */
  chunkRows: z.int().min(100),
  /** Rest between two chunks, ms. */
  pauseMs: z.int().min(0),
  /** Longest time until a server has counted what an idle session wrote, ms: 10 000 (PostgreSQL 15, PGSTAT_IDLE_INTERVAL). */
  countedAfterMs: z.int().min(0),
  /** Longest statement, ms. */
  statementTimeoutMs: z.int().min(1000),
});
type Options = z.infer<typeof Options>;

/** Findings kept for the report; all are counted. */
const NAMED_IN_ALL = 2000;

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const kept = WatchState.safeParse(context.checkpoint.read());
  const sides = await openSides(context.databases, context.mapping, startedAt);
  const { mapping, pairing, schemas } = sides;
  // A snapshot held for a day would hold back vacuum for a day: the watch opens sessions of its own.
  await sides.close();
  const state = kept.success ? kept.data : newState(sides.cut);
  const writers = await context.dualWriters?.start();
  let madeWrites: number | undefined;
  const stopWrites = async (): Promise<void> => {
    if (madeWrites === undefined) madeWrites = await writers?.stop();
  };
  context.cleanup('the writers of both sides', stopWrites);
  const { quietMs, confirmMs } = options;
  const watching = watchDrift(
    { context, mapping, pairs: pairing.pairs, state, observeMs: options.observeSeconds * 1000, patience: { quietMs, confirmMs }, ...options },
    stopWrites,
  );
  const watched = yield* whileWorking(watching, () => ({
    kind: 'progress',
    text: progressText(state),
    done: Math.min(options.observeSeconds, Math.round(observedMs(state) / 1000)),
    total: options.observeSeconds,
  }));
  yield* measurements(context, { state, watched, schemas: [...schemas.keys()], startedAt });
  yield { kind: 'end-of-round' };
}

interface Found {
  readonly state: WatchState;
  readonly watched: Watched;
  readonly schemas: readonly string[];
  readonly startedAt: Date;
}

async function* measurements(context: CheckContext, found: Found): AsyncGenerator<CheckEvent> {
  const { state, watched, startedAt } = found;
  const total = sumOf(Object.values(state.tables));
  const facts = factsOf(state, watched, total);
  await context.artifacts.put(
    'dual-write-drift/watch.json',
    'application/json',
    JSON.stringify({ ...facts, gapsAt: gapsOf(state), unseen: watched.unseen, tables: tableRows(state) }, null, 2),
  );
  const base = { labels: {}, startedAt: startedAt.toISOString(), endedAt: context.clock.now().toISOString() };
  const healthy: Instrument = { name: 'dual-write watch', version: '1', healthy: true, facts };
  const items = Object.values(state.tables)
    .flatMap(({ confirmed }) => Object.values(confirmed).flat())
    .toSorted((a: Item, b: Item) => (a.key < b.key ? -1 : 1));
  const totalItems = Object.values(state.tables).reduce(
    (sum, { confirmed, beyond }) => sum + Object.values(confirmed).reduce((all, { length }) => all + Math.max(1, length), 0) + beyond,
    0,
  );
  const all: readonly Measurement[] = [
    {
      ...base,
      metric: 'dual-write.confirmed-differences',
      n: watched.isCounted ? total.writes : state.rowsLooked,
      instrument: totalItems > 0 ? healthy : instrumentOf(healthy, watched),
      payload: { shape: 'set', items: items.slice(0, NAMED_IN_ALL), totalItems },
    },
    { ...base, metric: 'dual-write.observed-time', n: 1, instrument: healthy, payload: { shape: 'value', value: Math.floor(observedMs(state) / 100) / 10 } },
    {
      ...base,
      metric: 'dual-write.drift-rate',
      n: total.writes,
      instrument: healthy,
      payload: { shape: 'proportion', hits: Math.min(total.confirmed, total.writes), total: total.writes },
    },
    { ...base, metric: 'dual-write.slowest-arrival', n: total.arrived, instrument: healthy, payload: { shape: 'value', value: total.slowestMs } },
    {
      ...base,
      metric: 'dual-write.schemas',
      n: found.schemas.length,
      instrument: healthy,
      payload: { shape: 'cases', cases: found.schemas.map((schema) => schemaCase(schema, state, watched)) },
    },
  ];
  for (const measurement of all) yield { kind: 'measurement', measurement };
}

interface Sums {
  readonly writes: number;
  readonly confirmed: number;
  readonly arrived: number;
  readonly slowestMs: number;
  readonly beyond: number;
  readonly waiting: number;
}

function sumOf(tables: readonly TableState[]): Sums {
  const sum = (of: (table: TableState) => number): number => tables.reduce((all, table) => all + of(table), 0);
  return {
    writes: sum(({ writes }) => writes),
    confirmed: sum(({ confirmed }) => Object.keys(confirmed).length),
    arrived: sum(({ arrived }) => arrived),
    slowestMs: Math.max(0, ...tables.map(({ slowestMs }) => slowestMs)),
    beyond: sum(({ beyond }) => beyond),
    waiting: sum(({ suspects }) => suspects.length),
  };
}

function factsOf(state: WatchState, { isFrozen, isCounted }: Watched, total: Sums): NonNullable<Instrument['facts']> {
  const seconds = observedMs(state) / 1000;
  const gaps = gapsOf(state);
  const since = Object.values(state.tables).flatMap(({ suspects }) => suspects.map((suspect) => suspect.since));
  const end = state.spans.at(-1)?.to ?? 0;
  return {
    observedSeconds: Math.round(seconds * 10) / 10,
    writes: isCounted ? total.writes : 'the legacy servers do not count',
    writesPerMinute: Math.round((total.writes * 60) / Math.max(1, seconds)),
    rowsConfirmed: total.confirmed,
    confirmedPer1000Writes: Math.round((total.confirmed * 1e5) / Math.max(1, total.writes)) / 100,
    rowsThatArrivedLater: total.arrived,
    slowestArrivalMs: total.slowestMs,
    rowsUnsettled: total.waiting,
    ...(since.length === 0 ? {} : { oldestUnsettledMs: end - Math.min(...since) }),
    ...(total.beyond === 0 ? {} : { rowsNotLookedAtAgain: total.beyond }),
    passes: state.passes,
    rowsLooked: state.rowsLooked,
    gaps: gaps.length,
    ...(gaps.length === 0 ? {} : { gapSeconds: Math.round(gaps.reduce((sum, gap) => sum + gap.seconds, 0) * 10) / 10 }),
    lastCompare: isFrozen ? 'exact: nothing was written meanwhile' : 'while writes went on',
  };
}

/** What was not seen to the end, or what nobody knows whether it was written at all, proves nothing. */
function instrumentOf(healthy: Instrument, { unseen, unsettled, isCounted }: Watched): Instrument {
  const [first] = unseen;
  const sick = (why: string): Instrument => ({ ...healthy, healthy: false, why });
  if (first !== undefined)
    return sick(`${unseen.length} ${unseen.length === 1 ? 'table was' : 'tables were'} not seen to the end, the first: ${first.table} (${first.why})`);
  if (unsettled > 0)
    return sick(
      `${unsettled} ${unsettled === 1 ? 'row was' : 'rows were'} written too often to tell a lost write from one under way; watch longer, or stop the writes for some seconds`,
    );
  if (!isCounted)
    return sick('a legacy server does not count what is written (track_counts is off, or it is a standby), so whether anything was written is not known');
  return healthy;
}

function schemaCase(schema: string, state: WatchState, { unseen, isCounted }: Watched): Case {
  const isOf = (table: string): boolean => table.startsWith(`${schema}.`);
  const own = Object.entries(state.tables).filter(([name]) => isOf(name));
  const { writes, confirmed, beyond, waiting, arrived, slowestMs } = sumOf(own.map(([, table]) => table));
  const notSeen = unseen.filter(({ table }) => isOf(table));
  const [first] = own.flatMap(([, table]) => Object.values(table.confirmed).flat());
  if (confirmed > 0)
    return {
      id: schema,
      state: 'failed',
      detail: `${confirmed + beyond} rows differ and stay so after ${writes} writes${first === undefined ? '.' : `, the first: ${first.key}.`}`,
    };
  if (notSeen.length > 0) return { id: schema, state: 'not-run', detail: notSeen.map(({ table, why }) => `${table}: ${why}`).join('; ') };
  if (waiting + beyond > 0) return { id: schema, state: 'not-run', detail: `${waiting + beyond} rows were written too often to be certain of.` };
  if (!isCounted) return { id: schema, state: 'not-run', detail: 'Whether anything was written is not known: a legacy server does not count.' };
  if (writes === 0) return { id: schema, state: 'not-run', detail: 'Nothing was written to it while it was watched, so nothing is known of its dual writes.' };
  return { id: schema, state: 'ok', detail: `${writes} writes, all arrived${arrived === 0 ? '' : `, the slowest within ${slowestMs} ms`}.` };
}

function tableRows({ tables }: WatchState): readonly object[] {
  return Object.entries(tables)
    .filter(([, { writes, confirmed, arrived, suspects }]) => writes + arrived + suspects.length + Object.keys(confirmed).length > 0)
    .map(([name, table]) => ({ table: name.split(' ')[0], from: name.split(' ')[1], ...sumOf([table]) }));
}

function progressText(state: WatchState): string {
  const { writes, confirmed, waiting } = sumOf(Object.values(state.tables));
  return `${writes} writes, ${confirmed} confirmed to differ, ${waiting} looked at again`;
}

export const dualWriteDrift: Check<Options> = {
  id: 'dual-write-drift',
  title: 'Differences that stay while both sides are written to',
  about: {
    proves: 'What the application wrote while it was watched arrived on both sides, schema by schema, and nothing of it was lost, left behind or overwritten.',
    how: 'Tables that are written to (by the counters of the servers) are compared again and again, each chunk from moments of its own. A row that differs is looked at again, by its key, every 0.9 s: equal once, it arrived; unwritten on both sides and still different after 5 s, it is confirmed; written all the time, it is confirmed only when the target stands still three times as long. When the time is up everything that was written to is compared once more. On the demo its users write while it watches.',
    source:
      'Measured in advance (DATA-INTEGRITY.md): one look gave 557 reports under writes, 374 of them false; looking again at rows that were quiet for 0.9 s left 30, all real. 24 hours: plan §1.2.3.',
    leavesOpen:
      'Tables that nobody wrote to are the matter of `row-contents`. What happened in a gap between two runs is seen by its result, not by its lag. A value that was lost and then overwritten on both sides leaves no trace.',
    whenItFails:
      'Missing rows: the adapter swallowed a failed write to the target (plan §1.2.2 only logs it); look in its log for the time of the row. Old values: a path that updates without the adapter. Rows too many: deletes that are not mirrored. Values that nobody wrote to the legacy side: something writes to the target alone.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['database:target', 'databases:legacy'],
  locks: [],
  // On the demo its users write only while this watches, so whatever compares the sides at rest comes first.
  after: [
    'row-counts',
    'row-contents',
    'data-inventory',
    'catalogue-parity',
    'index-parity',
    'foreign-keys',
    'orphaned-rows',
    'backup-restore',
    'query-times',
    'statement-counts',
  ],
  options: Options,
  presets: {
    pr: { observeSeconds: 20, quietMs: 900, confirmMs: 5000, chunkRows: 20_000, pauseMs: 50, countedAfterMs: 11_000, statementTimeoutMs: 60_000 },
    full: { observeSeconds: 600, quietMs: 900, confirmMs: 5000, chunkRows: 20_000, pauseMs: 200, countedAfterMs: 11_000, statementTimeoutMs: 600_000 },
  },
  metrics: {
    'dual-write.confirmed-differences': { title: 'Rows and values that differ and stay so', unit: 'count', shape: 'set', better: 'lower' },
    'dual-write.observed-time': { title: 'Time that was watched', unit: 's', shape: 'value', better: 'higher' },
    'dual-write.schemas': { title: 'Schemas whose writes arrived', unit: 'count', shape: 'cases', better: 'higher' },
    'dual-write.drift-rate': { title: 'Writes that did not arrive', unit: 'ratio', shape: 'proportion', better: 'lower' },
    'dual-write.slowest-arrival': { title: 'Longest time until a write had arrived, as far as it was seen', unit: 'ms', shape: 'value', better: 'lower' },
  },
  defaultExpect: [
    { kind: 'none', metric: 'dual-write.confirmed-differences' },
    { kind: 'cases', metric: 'dual-write.schemas', required: 'all' },
  ],
  estimate: ({ observeSeconds, confirmMs, countedAfterMs }) => ({ seconds: observeSeconds + Math.ceil((confirmMs + countedAfterMs) / 1000), requests: 0 }),
  timeoutMs: ({ observeSeconds }) => (observeSeconds + 4 * 3600) * 1000,
  measure,
};
