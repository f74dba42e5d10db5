// Measures whether every row of every legacy database is in the target, byte for byte, and nothing else is (plan §1.3, DATA-INTEGRITY).
// One thing: the order of its steps; each step is a file of its own (near/, far/, table-work.ts, second-look.ts).
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { COMPARED_TABLES_MEDIA_TYPE, type ComparedTables } from '../../gates/model.ts';
import type { Case, Check, CheckContext, CheckEvent, Item, Measurement } from '../../gates/model.ts';
import { type LookedAgain, momentsOf, secondLook } from './second-look.ts';
import { readStamps } from './drift/written.ts';
import type { TableFindings } from './findings.ts';
import { comparisonInstrument } from './instrument.ts';
import { type Way, chooseWays } from './far/choose-way.ts';
import { compareFar } from './far/compare-far.ts';
import type { TablePair } from './mapping.ts';
import { compareTable } from './near/compare-table.ts';
import { lanesFor, moreLanes } from './near/lanes.ts';
import { type Sides, openSides } from './sides.ts';
import { type Work, openWork, readSaved } from './table-work.ts';
import { type Unseen, forEachTable, whileWorking } from './workers.ts';

const Options = z.object({
  /** `near`: by their bytes. `far`: by sums of row hashes, bytes only where they differ. `auto`: whichever is quicker over this network. The environment's `data.mode` comes first. */
  mode: z.enum(['auto', 'near', 'far']),
  /** Tables compared at a time; each takes a connection on either side. The environment's `data.parallel` comes first. */
  parallel: z.int().min(1).max(8),
  /** Rows of the first chunk of a table. */
  chunkRows: z.int().min(100),
  /** Other sessions that are at work on the legacy side, from which on the comparison waits as long as it has worked. */
  busyFrom: z.int().min(1),
  /** Longest statement, ms. A chunk takes about half a second; a table that must be sorted as a whole takes longer. */
  statementTimeoutMs: z.int().min(1000),
  /** Longest time that one moment is looked at, ms: it holds back vacuum. Beyond it the comparison goes on with a new one, and says so. 0: each chunk has its own. */
  maxSnapshotAgeMs: z.int().min(0),
});
type Options = z.infer<typeof Options>;

/** What became of one table; a row of the report's table. */
interface ComparedTable extends TableFindings {
  readonly table: string;
  readonly from: string;
  readonly legacyRows: number;
  readonly targetRows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly how: string;
}
/** Findings kept for the report; each table names its first ones, and all are counted. */
const NAMED_IN_ALL = 2000;

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const saved = readSaved(context.checkpoint);
  const sides = await openSides(context.databases, context.mapping, startedAt, saved?.cut);
  try {
    const { pairs } = sides.pairing;
    const { mapping, cut } = sides;
    const moments = await momentsOf(sides, context.databases.legacy);
    const { stamps } = await readStamps({ mapping, pairs, databases: context.databases.legacy, session: sides.session });
    const works = openWork({ pairs, mapping, cut, stamps, saved, checkpoint: context.checkpoint });
    const progress = rowProgress(pairs);
    for (const pair of pairs) progress.add(pair, works.of(pair).rows.legacyRows);
    const toDo = pairs.filter((pair) => !works.of(pair).isDone);
    let tablesDone = pairs.length - toDo.length;
    const ways = chooseWays(context.data?.mode ?? options.mode);
    const parallel = context.data?.parallel ?? options.parallel;
    const comparing = forEachTable(sides, toDo, { ...options, parallel, signal: context.signal }, async (pair, sessions) => {
      const [legacy, target] = [await sessions.session({ legacy: pair.database }), await sessions.session('target')];
      const started = context.clock.monotonicMs();
      const table = works.of(pair);
      const before = table.seconds;
      const way = await ways.choose(pair, legacy, target);
      const lanes = await moreLanes(sessions, pair.database, lanesFor(pair, toDo, { parallel, cores: availableParallelism() }));
      await (way.way === 'far' ? compareFar : compareTable)({
        pair,
        legacy,
        target,
        cut: sides.cut,
        chunkRows: options.chunkRows,
        ...(table.after === undefined ? {} : { from: table.after }),
        lanes,
        async pause(lane) {
          await pauseWhileBusy(lane.legacy, options.busyFrom, context.signal);
          await sides.renewAfter(options.maxSnapshotAgeMs);
          await Promise.all([sides.follow(lane.legacy), sides.follow(lane.target)]);
        },
        onDifference: (difference, sent) => table.note(difference, sent),
        wantsValues: () => table.wantsValues(),
        onChunk(chunk) {
          table.rows.legacyRows += chunk.legacyRows;
          table.rows.targetRows += chunk.targetRows;
          table.rows.bytes += chunk.bytes;
          table.endChunk(chunk.to, before + Math.round(context.clock.monotonicMs() - started) / 1000, howWords(pair, way));
          progress.add(pair, chunk.legacyRows);
          works.save();
        },
      });
      progress.finish(pair);
      tablesDone += 1;
    });
    const unseen = yield* whileWorking(saving(comparing, works), () => progress.tell(tablesDone, pairs.length));
    const suspects = pairs.flatMap((pair) => {
      const keys = works.of(pair).keys();
      return keys.length === 0 ? [] : [{ pair, keys }];
    });
    const looking = secondLook(suspects, {
      databases: context.databases,
      cut,
      statementTimeoutMs: options.statementTimeoutMs,
      signal: context.signal,
      moments,
    });
    const looked = yield* whileWorking(looking, () => ({ kind: 'progress', text: `${suspects.length} tables differ: looking again` }));
    const { done, undecided, underWay } = outcomes(works, pairs, looked);
    const facts = {
      ...(underWay === 0 ? {} : { rowsUnderWay: underWay }),
      ...(works.resumed === 0 ? {} : { tablesResumed: works.resumed }),
      moments: sides.moments(),
    };
    yield* measurements(context, sides, done, [...unseen, ...undecided], startedAt, facts);
    yield { kind: 'end-of-round' };
  } finally {
    await sides.close();
  }
}

/** However it ends, what is done is written down. */
async function saving<Result>(work: Promise<Result>, works: Work): Promise<Result> {
  try {
    return await work;
  } finally {
    works.save(true);
  }
}

/** What is left of each table after the second look; what is neither equal nor certain is not seen to the end. */
function outcomes(
  works: Work,
  pairs: readonly TablePair[],
  looked: ReadonlyMap<TablePair, LookedAgain | Error>,
): { readonly done: readonly ComparedTable[]; readonly undecided: readonly Unseen[]; readonly underWay: number } {
  const done: ComparedTable[] = [];
  const undecided: Unseen[] = [];
  let underWay = 0;
  for (const pair of pairs) {
    const work = works.of(pair);
    const again = looked.get(pair);
    const table = `${pair.target.schema}.${pair.target.table}`;
    const found = work.found(again);
    if (found === undefined && again instanceof Error) undecided.push({ table, why: `rows differ, and could not be looked at again: ${again.message}` });
    if (again !== undefined && !(again instanceof Error)) {
      underWay += again.underWay;
      if (again.changing > 0)
        undecided.push({
          table,
          why: `${again.changing} ${again.changing === 1 ? 'row was' : 'rows were'} written too often to tell a difference from a write under way`,
        });
    }
    // A table that broke off counts with what it has found, and is among the unseen besides.
    const isEmpty = found === undefined || found.missing + found.extra + found.changed === 0;
    if (found !== undefined && (work.isDone || !isEmpty))
      done.push({ table, from: pair.database, ...work.rows, seconds: work.seconds, how: work.how, ...found });
  }
  return { done, undecided, underWay };
}

async function* measurements(
  context: CheckContext,
  sides: Sides,
  done: readonly ComparedTable[],
  unseen: readonly Unseen[],
  startedAt: Date,
  more: NonNullable<Measurement['instrument']['facts']>,
): AsyncGenerator<CheckEvent> {
  const tables = done.toSorted((a, b) => (a.table < b.table ? -1 : 1));
  const totalItems = tables.reduce((sum, { missing, extra, changed }) => sum + missing + extra + changed, 0);
  const rows = tables.reduce((sum, { legacyRows, targetRows }) => sum + Math.max(legacyRows, targetRows), 0);
  const items = tables.flatMap((table): readonly Item[] => table.items).slice(0, NAMED_IN_ALL);
  const compared: ComparedTables = {
    cut: sides.cut,
    tables: tables.map(({ items: _items, ...table }) => table),
    unseen: [...unseen],
    leftOut: [...sides.pairing.leftOut],
  };
  await context.artifacts.put('row-contents/tables.json', COMPARED_TABLES_MEDIA_TYPE, JSON.stringify(compared, null, 2));
  const facts = {
    tables: tables.length,
    rowsCompared: rows,
    bytesCompared: tables.reduce((sum, { bytes }) => sum + bytes, 0),
    ...more,
    ...(sides.pairing.pairs.some(({ where }) => where !== undefined) ? { cut: sides.cut } : {}),
  };
  const base = { labels: {}, startedAt: startedAt.toISOString(), endedAt: context.clock.now().toISOString() };
  const differences: Measurement = {
    ...base,
    metric: 'data.content-differences',
    n: rows,
    instrument: comparisonInstrument('row comparison', unseen, totalItems > 0, facts),
    payload: { shape: 'set', items, totalItems },
  };
  const cases = schemaCases(sides, tables, unseen);
  const schemas: Measurement = {
    ...base,
    metric: 'data.schemas',
    n: cases.length,
    instrument: comparisonInstrument('row comparison', [], true, facts),
    payload: { shape: 'cases', cases },
  };
  for (const measurement of [differences, schemas]) yield { kind: 'measurement', measurement };
}

/** A schema is migrated when every table that was to go there did, and holds what it should. */
function schemaCases(sides: Sides, tables: readonly ComparedTable[], unseen: readonly Unseen[]): Case[] {
  return [...sides.schemas].map(([schema, databases]) => {
    const isOf = (table: string): boolean => table.startsWith(`${schema}.`);
    // A legacy column without its place was not compared, so its values are not known to be anywhere.
    const missing = sides.pairing.unmapped.filter(({ side, kind, object }) =>
      side === 'target' ? kind === 'table' && isOf(object) : databases.some((database) => object.startsWith(`${database}.`)),
    );
    const own = tables.filter(({ table }) => isOf(table));
    const different = own.filter((table) => table.missing + table.extra + table.changed > 0);
    const notSeen = unseen.filter(({ table }) => isOf(table));
    const [first] = different;
    if (first !== undefined)
      return { id: schema, state: 'failed', detail: `${different.length} of ${own.length} tables differ, the first: ${first.table} (${countWords(first)}).` };
    if (missing.length > 0) return { id: schema, state: 'failed', detail: missing.map(({ object, detail }) => `${object}: ${detail}`).join(' ') };
    if (notSeen.length > 0) return { id: schema, state: 'not-run', detail: notSeen.map(({ table, why }) => `${table}: ${why}`).join('; ') };
    return own.length === 0
      ? { id: schema, state: 'not-run', detail: `No table of ${databases.join(', ')} is mapped to it.` }
      : { id: schema, state: 'ok', detail: `${own.length} tables, ${own.reduce((sum, { legacyRows }) => sum + legacyRows, 0)} rows.` };
  });
}

/** `by id`, `without a key, by sums of row hashes (1.2 MB/s from each side, 80 ms there and back)`. */
function howWords({ key }: TablePair, { way, why }: Way): string {
  const words = key === undefined ? 'without a key' : `by ${key.map(({ target: { name } }) => name).join(', ')}`;
  return `${words}${way === 'far' ? ', by sums of row hashes' : ''}${why === undefined ? '' : ` (${why})`}`;
}

function countWords({ missing, extra, changed }: TableFindings): string {
  const parts: readonly (readonly [number, string])[] = [
    [missing, 'missing'],
    [extra, 'too many'],
    [changed, 'values'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(', ');
}

function rowProgress(pairs: readonly TablePair[]) {
  const expected = new Map(pairs.map((pair) => [pair, pair.legacy.estimatedRows]));
  const seen = new Map<TablePair, number>();
  const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
  const started = performance.now();
  return {
    add: (pair: TablePair, rows: number): void => void seen.set(pair, (seen.get(pair) ?? 0) + rows),
    /** The estimate was an estimate: what a finished table had is known. */
    finish: (pair: TablePair): void => void expected.set(pair, seen.get(pair) ?? 0),
    tell(tables: number, of: number) {
      const rows = sum(seen.values());
      const rate = rows / Math.max(0.001, (performance.now() - started) / 1000);
      return {
        kind: 'progress' as const,
        text: `${tables} of ${of} tables, ${Math.round(rate).toLocaleString('en')} rows/s`,
        done: rows,
        total: Math.max(rows, sum(expected.values())),
      };
    },
  };
}

/** Others come first: while they are at work the comparison sleeps, for half a second at a time and ten seconds at the most. */
async function pauseWhileBusy(
  legacy: { rows(sql: string): Promise<readonly Record<string, string | null>[]> },
  busyFrom: number,
  signal: AbortSignal,
): Promise<void> {
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 500) {
    // Within a transaction the server answers from what it saw first.
    await legacy.rows('SELECT pg_stat_clear_snapshot()');
    const [row] = await legacy.rows(
      "SELECT count(*) AS active FROM pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend' AND application_name <> 'naap-gate'",
    );
    if (Number(row?.['active'] ?? 0) < busyFrom) return;
    await delay(500, undefined, { signal });
  }
}

export const rowContents: Check<Options> = {
  id: 'row-contents',
  title: 'Every row of both sides, byte for byte',
  about: {
    proves: 'Every row that was to be migrated is in the target with every value as it was, and the target holds no row that the legacy side has not.',
    how: 'Both sides send each table in the order of its key as binary COPY, from one snapshot each, and the bytes are compared as they come; a row that differs is taken apart by column. Tables without a key are ordered by the SHA-256 of the whole row. Values whose binary form depends on the server (enums, arrays, composites) are sent as text under pinned settings; `json` is compared as `jsonb`, since the order of its keys means nothing. Over a slow network (or with `data.mode far`) both sides send counts and sums of 64-bit row hashes of those very bytes instead, by ranges of the key, and rows only where they differ: blind to nothing but equal sums by chance, 1 in 2^64; where the two servers hash differently, the bytes are compared.',
    source: 'Methods, traps and times were measured in advance (DATA-INTEGRITY.md); chunks aim at half a second, as it says for a live source.',
    leavesOpen:
      'It compares two moments, one on each side: while both are written to, `dual-write-drift` tells a difference from a write under way. Constraints, indexes, sequences and privileges are the checks of the catalogue.',
    whenItFails:
      'Each finding names table, key and column with both values. One column in all rows is a conversion (time zone, scale, encoding); missing rows at one end of the key are a copy that stopped; scattered values are writes that reached one side only.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['database:target', 'databases:legacy'],
  locks: [],
  after: [],
  options: Options,
  presets: {
    pr: { mode: 'auto', parallel: 2, chunkRows: 50_000, busyFrom: 8, statementTimeoutMs: 60_000, maxSnapshotAgeMs: 600_000 },
    full: { mode: 'auto', parallel: 2, chunkRows: 50_000, busyFrom: 8, statementTimeoutMs: 1_800_000, maxSnapshotAgeMs: 600_000 },
  },
  metrics: {
    'data.content-differences': { title: 'Rows and values that differ', unit: 'count', shape: 'set', better: 'lower' },
    'data.schemas': { title: 'Schemas migrated whole', unit: 'count', shape: 'cases', better: 'higher' },
  },
  defaultExpect: [
    { kind: 'none', metric: 'data.content-differences' },
    { kind: 'cases', metric: 'data.schemas', required: 'all' },
  ],
  estimate: () => ({ seconds: 20, requests: 0 }),
  timeoutMs: () => 4 * 3600 * 1000,
  measure,
};
