// Compares what is written to again and again while writes go on, and looks again at what differs until it is equal or certain (DATA-INTEGRITY, "On a live source").
// One thing: the loop of a watch and what it must survive. Called by dual-write-drift.check.ts.
import { setTimeout as delay } from 'node:timers/promises';
import { type CheckContext, type DataMapping, GateError, type Item } from '../../../gates/model.ts';
import { REFUSALS, isSqlState } from '../../instruments/database/connection.ts';
import { findErrorCode } from '../../instruments/transport-errors.ts';
import { NAMED_A_TABLE, collectFindings } from '../findings.ts';
import type { TablePair } from '../mapping.ts';
import { compareTable } from '../near/compare-table.ts';
import { type RowStatements, rowStatements } from '../near/statements.ts';
import type { Unseen } from '../workers.ts';
import { keyTexts } from './key-text.ts';
import { type KeptSessions, keepSessions } from './kept-sessions.ts';
import { type Sighting, keyId, lookAgain, takeMoment } from './look-again.ts';
import { type Patience, type Suspect, weigh } from './suspects.ts';
import { type TableState, type WatchState, beginSpan, newTable, observedMs } from './watch-state.ts';
import { readStamps } from './written.ts';

export interface Watch {
  readonly context: Pick<CheckContext, 'databases' | 'clock' | 'signal' | 'checkpoint' | 'log'>;
  readonly mapping: DataMapping;
  readonly pairs: readonly TablePair[];
  readonly state: WatchState;
  readonly observeMs: number;
  readonly patience: Patience;
  readonly chunkRows: number;
  readonly statementTimeoutMs: number;
  /** Rest between two chunks, ms. */
  readonly pauseMs: number;
  /** Longest time until a server has counted what an idle session wrote, ms. */
  readonly countedAfterMs: number;
}
export interface Watched {
  /** Tables that could not be looked at to the end the last time. */
  readonly unseen: readonly Unseen[];
  /** Rows that were never seen equal, nor long enough without a write to be certain of. */
  readonly unsettled: number;
  /** Nothing was written to the legacy side while everything was compared for the last time. */
  readonly isFrozen: boolean;
  /** The legacy servers count what is written. */
  readonly isCounted: boolean;
}

/** Rows of one table that are looked at again; what differs beyond is counted. */
const SUSPECTS_A_TABLE = 5000;
const CHECKPOINT_MS = 5000;
/** A new pass begins no sooner: tables that were not written to are not read. */
const PASS_MS = 1000;
/** Longest time without a connection; then the watch has failed. */
const BLIND_MS = 300_000;
const RETRY_MS = 1000;
/** After the last pass suspects are looked at for so many times `confirmMs`. */
const LAST_LOOKS = 4;

/** `stopWrites` is called when the time is up, before everything that was written to is compared for the last time. */
export async function watchDrift(watch: Watch, stopWrites: () => Promise<void>): Promise<Watched> {
  const { context, state, observeMs } = watch;
  const sessions = keepSessions(context.databases, watch.statementTimeoutMs);
  const round = makeRound(watch, sessions);
  try {
    await surviving(watch, sessions, () => round.begin());
    while (observedMs(state) < observeMs) {
      await surviving(watch, sessions, () => round.pass((): boolean => observedMs(state) >= observeMs));
      await delay(Math.max(watch.pauseMs, Math.min(PASS_MS, observeMs - observedMs(state))), undefined, { signal: context.signal });
    }
    await stopWrites();
    let isFrozen = false;
    await surviving(watch, sessions, async () => {
      isFrozen = await round.last();
    });
    return { unseen: round.unseen(), unsettled: round.waiting(), isFrozen, isCounted: round.isCounted() };
  } finally {
    watch.context.checkpoint.write(state);
    await sessions.drop();
  }
}

/** A connection that is lost makes the watch blind until it is back; how long is told. Anything else that a table answers concerns that table. */
async function surviving({ context, state }: Watch, sessions: KeptSessions, work: () => Promise<void>): Promise<void> {
  let blindSince: number | undefined;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      context.signal.throwIfAborted();
      await sessions.drop();
      const now = performance.now();
      blindSince ??= now;
      if (!isLost(error) || now - blindSince > BLIND_MS) throw error;
      context.log(`The watch is blind: ${(error as Error).message}`);
      await delay(RETRY_MS, undefined, { signal: context.signal });
      if (state.spans.length > 0) beginSpan(state, nowOf(context));
    }
  }
}

function isLost(error: unknown): boolean {
  if (error instanceof GateError) return error.code === 'DATABASE_UNREACHABLE';
  const code = findErrorCode(error);
  return error instanceof Error && !(error instanceof TypeError) && (!isSqlState(code) || REFUSALS[code ?? ''] !== undefined);
}

function nowOf({ clock }: Pick<CheckContext, 'clock'>): number {
  return clock.now().getTime();
}

interface Round {
  /** Reads the counters that everything after is held against. */
  begin(): Promise<void>;
  pass(isOver: () => boolean): Promise<void>;
  /** Everything that was written to, and then looks until nothing is left to find out. Answers whether nothing was written meanwhile. */
  last(): Promise<boolean>;
  unseen(): readonly Unseen[];
  waiting(): number;
  isCounted(): boolean;
}

const NEVER_OVER = (): boolean => false;
const TIME_IS_UP = new Error('The time of the watch is up.');

function makeRound(watch: Watch, sessions: KeptSessions): Round {
  const { context, state, pairs, patience, mapping } = watch;
  const statements = new Map<TablePair, RowStatements>(pairs.map((pair) => [pair, rowStatements(pair, state.cut)]));
  const suspects = new Map<TablePair, Map<string, Suspect>>(
    pairs.map((pair) => [pair, new Map(stateOf(state, pair).suspects.map((one) => [keyId(one.key), one]))]),
  );
  const unseen = new Map<TablePair, string>();
  const last = { look: 0, checkpoint: performance.now() };
  let stamps = new Map<TablePair, string | undefined>();
  let isCounted = true;
  const waiting = (): number => [...suspects.values()].reduce((sum, { size }) => sum + size, 0);

  const tick = (): void => {
    const at = nowOf(context);
    const span = state.spans.at(-1);
    if (span !== undefined) span.to = at;
    if (performance.now() - last.checkpoint < CHECKPOINT_MS) return;
    last.checkpoint = performance.now();
    context.checkpoint.write(withSuspects());
  };
  const withSuspects = (): WatchState => {
    for (const [pair, own] of suspects) stateOf(state, pair).suspects = [...own.values()];
    return state;
  };
  const count = async (): Promise<void> => {
    const read = await readStamps({ mapping, pairs, databases: context.databases.legacy, session: sessions.session });
    await sessions.release();
    isCounted = read.isCounted;
    stamps = read.stamps;
    for (const pair of pairs) {
      const table = stateOf(state, pair);
      const counter = read.counters.get(pair);
      if (counter !== undefined) {
        // Counters that were reset begin at zero.
        table.writes += table.counter === undefined ? 0 : counter >= table.counter ? counter - table.counter : counter;
        table.counter = counter;
      }
      table.baseline ??= stamps.get(pair);
    }
  };
  const look = async (): Promise<void> => {
    last.look = performance.now();
    for (const [pair, own] of suspects) {
      if (own.size === 0) continue;
      const both = await sessions.both(pair.database);
      const found = await lookAgain(
        statements.get(pair) as RowStatements,
        both,
        [...own.values()].map(({ key }) => key),
      );
      for (const [id, suspect] of own) settle(pair, id, suspect, found.get(id));
    }
    await sessions.release();
    tick();
  };
  const settle = (pair: TablePair, id: string, suspect: Suspect, sighting: Sighting | undefined): void => {
    const table = stateOf(state, pair);
    const own = suspects.get(pair) as Map<string, Suspect>;
    const looked = weigh(suspect, sighting, nowOf(context), patience);
    if (looked.kind === 'waiting') return void own.set(id, looked.suspect);
    own.delete(id);
    if (looked.kind === 'equal') {
      table.arrived += 1;
      table.slowestMs = Math.max(table.slowestMs, looked.afterMs);
    } else if (sighting !== undefined) {
      const isNamed = Object.keys(table.confirmed).length < NAMED_A_TABLE;
      table.confirmed[id] = isNamed ? itemsOf(pair, mapping, sighting, statements.get(pair) as RowStatements, looked) : [];
    }
  };
  const compare = async (pair: TablePair, isOver: () => boolean): Promise<void> => {
    const table = stateOf(state, pair);
    const own = suspects.get(pair) as Map<string, Suspect>;
    const before = stamps.get(pair);
    const known = Object.keys(table.confirmed).length;
    table.beyond = 0;
    const both = await sessions.both(pair.database);
    await takeMoment(both);
    await compareTable({
      pair,
      ...both,
      cut: state.cut,
      chunkRows: watch.chunkRows,
      onDifference(difference) {
        const key = keyTexts(difference.key, statements.get(pair) as RowStatements);
        const id = keyId(key);
        if (own.has(id) || table.confirmed[id] !== undefined) return;
        if (own.size + known < SUSPECTS_A_TABLE) own.set(id, { key: [...key], since: nowOf(context) });
        else table.beyond += 1;
      },
      onChunk: ({ legacyRows, targetRows }) => void (state.rowsLooked += Math.max(legacyRows, targetRows)),
      async pause() {
        tick();
        if (isOver()) throw TIME_IS_UP;
        sessions.touch(pair.database);
        if (performance.now() - last.look >= patience.quietMs) await look();
        else await sessions.release();
        await delay(watch.pauseMs, undefined, { signal: context.signal });
        await takeMoment(both);
      },
    });
    await sessions.release();
    if (before !== undefined) table.compared = before;
    unseen.delete(pair);
  };
  const pass = async (isOver: () => boolean, isWanted: (pair: TablePair) => boolean): Promise<void> => {
    for (const pair of pairs.filter(isWanted)) {
      if (isOver()) return;
      try {
        await compare(pair, isOver);
      } catch (error) {
        if (error === TIME_IS_UP) return;
        context.signal.throwIfAborted();
        if (isLost(error)) throw error;
        unseen.set(pair, error instanceof Error ? error.message : String(error));
        await sessions.drop();
      }
      tick();
      if (performance.now() - last.look >= patience.quietMs) await look();
    }
    state.passes += 1;
  };
  const settleAll = async (): Promise<void> => {
    const until = performance.now() + LAST_LOOKS * patience.confirmMs;
    while (waiting() > 0 && performance.now() < until) {
      await delay(Math.max(0, patience.quietMs - (performance.now() - last.look)), undefined, { signal: context.signal });
      await look();
    }
  };
  return {
    async begin() {
      await count();
      beginSpan(state, nowOf(context));
      context.checkpoint.write(withSuspects());
    },
    async pass(isOver) {
      await count();
      tick();
      // Neither side was written to since it was compared, or since the watch began.
      await pass(isOver, (pair) => {
        const { compared, baseline } = stateOf(state, pair);
        const stamp = stamps.get(pair);
        return stamp === undefined || stamp !== (compared ?? baseline) || unseen.has(pair);
      });
      if (performance.now() - last.look >= patience.quietMs) await look();
    },
    async last() {
      const ended = performance.now();
      await delay(PASS_MS, undefined, { signal: context.signal });
      const isWritten = (pair: TablePair): boolean => stamps.get(pair) === undefined || stamps.get(pair) !== stateOf(state, pair).baseline;
      await count();
      const before = new Map(pairs.map((pair) => [pair, stateOf(state, pair).writes]));
      const done = new Set(pairs.filter(isWritten));
      await pass(NEVER_OVER, (pair) => done.has(pair));
      await settleAll();
      // What an idle session wrote to tables that nobody else wrote to is counted by now.
      await delay(Math.max(0, watch.countedAfterMs - (performance.now() - ended)), undefined, { signal: context.signal });
      await count();
      await pass(NEVER_OVER, (pair) => !done.has(pair) && isWritten(pair));
      await settleAll();
      tick();
      withSuspects();
      return isCounted && pairs.every((pair) => stateOf(state, pair).writes === before.get(pair));
    },
    unseen: () => [...unseen].map(([{ target }, why]) => ({ table: `${target.schema}.${target.table}`, why })),
    waiting,
    isCounted: () => isCounted,
  };
}

export function stateOf(state: WatchState, { target, database }: TablePair): TableState {
  const name = `${target.schema}.${target.table} ${database}`;
  return (state.tables[name] ??= newTable());
}

function itemsOf(
  pair: TablePair,
  mapping: DataMapping,
  sighting: Sighting,
  { sent }: RowStatements,
  { how, afterMs }: { readonly how: 'quiet' | 'left-behind'; readonly afterMs: number },
): Item[] {
  const findings = collectFindings(pair, mapping);
  for (const difference of sighting.differences) findings.add(difference, sent);
  const seconds = (afterMs / 1000).toFixed(1);
  const words =
    how === 'quiet' ? `Still so after ${seconds} s without a write to it.` : `The legacy row kept changing for ${seconds} s, and the target's stood still.`;
  return findings.result().items.map(({ key, detail }) => ({ key, detail: `${detail.replace(/[^.]$/u, '$&.')} ${words}` }));
}
