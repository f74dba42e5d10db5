// Runs one check: rounds, health, repetition of a sick round, comparison, time limit, cleanup — all journalled. Called by run-gate.
import type { ArtifactStore, Check, Workbench } from './model/check.ts';
import type { Comparator, Comparison } from './model/comparator.ts';
import type { Binding } from './model/criterion.ts';
import type { Plan, PlannedExecution } from './model/events.ts';
import { GateError } from './model/errors.ts';
import type { Measurement, Progress } from './model/measurement.ts';
import { byLabels } from './figures.ts';
import { type Journal, type RunFolder, storeArtifact } from './run-folder.ts';
import type { Scrubber } from './scrub.ts';
import { openCheckpoint } from './checkpoint.ts';

export type ExecutionProgress =
  | { readonly kind: 'started'; readonly fromRound: number }
  | Progress
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'round'; readonly round: number; readonly healthy: boolean }
  | { readonly kind: 'finished'; readonly outcome: 'measured' | 'error' | 'timeout' | 'interrupted'; readonly why: string; readonly seconds: number };

export interface CheckExecution {
  readonly planned: PlannedExecution;
  readonly check: Check;
  readonly plan: Plan;
  readonly folder: RunFolder;
  readonly journal: Journal;
  readonly scrubber: Scrubber;
  readonly workbench: Workbench;
  readonly comparator?: Comparator;
  readonly clock: { now(): Date; monotonicMs(): number };
  readonly signal: AbortSignal;
  /** Complete rounds from before a resume; they are not measured again. */
  readonly earlierRounds: readonly (readonly Measurement[])[];
  readonly onProgress: (progress: ExecutionProgress) => void;
}

/** Payloads up to this size stand in the journal's line; larger ones become artifacts. */
const INLINE_BYTES = 2048;
/** How long an aborted check and each of its cleanups may take to end. */
const GRACE_MS = 5_000;

/** Never throws for what the check does: a throw or a time limit becomes `check.finished` with that outcome. An interrupt leaves it unfinished. */
export async function executeCheck(execution: CheckExecution): Promise<void> {
  const { planned, journal, clock, onProgress } = execution;
  const started = clock.monotonicMs();
  const rounds = execution.earlierRounds.map((round) => [...round]);
  journal.append({ type: 'check.started', execution: planned.id, fromRound: rounds.length });
  onProgress({ kind: 'started', fromRound: rounds.length });
  const limit = AbortSignal.timeout(planned.timeoutMs);
  const signal = AbortSignal.any([execution.signal, limit]);
  const { failure, requests } = await measureInScope(execution, rounds, signal);
  const seconds = (clock.monotonicMs() - started) / 1000;
  if (execution.signal.aborted) return onProgress({ kind: 'finished', outcome: 'interrupted', why: 'interrupted', seconds });
  const outcome = failure === undefined ? 'measured' : limit.aborted ? 'timeout' : 'error';
  const why = failure === undefined ? '' : outcome === 'timeout' ? `It did not end within ${planned.timeoutMs / 1000} s.` : failureText(failure);
  journal.append({ type: 'check.finished', execution: planned.id, outcome, why, seconds, requests });
  journal.sync();
  openCheckpoint(execution.folder, planned.id, execution.scrubber).clear();
  onProgress({ kind: 'finished', outcome, why, seconds });
}

/** Opens the check's world, measures, and cleans up however it ended. */
async function measureInScope(execution: CheckExecution, rounds: Measurement[][], signal: AbortSignal): Promise<{ failure: unknown; requests: number }> {
  const undo: { what: string; run: () => Promise<void> }[] = [];
  const open = execution.workbench.open({
    execution: execution.planned.id,
    signal,
    artifacts: artifactStore(execution),
    checkpoint: openCheckpoint(execution.folder, execution.planned.id, execution.scrubber),
    cleanup: (what, run) => void undo.push({ what, run }),
    log: (text) => execution.onProgress({ kind: 'log', text }),
  });
  const measured = await settle(() => endBySignal(measureRounds(execution, open.context, rounds), signal));
  const cleaned = await settle(() => cleanUp(undo));
  const closed = await settle(() => open.close());
  return { failure: measured ?? cleaned ?? closed, requests: open.requests() };
}

async function settle(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error ?? new Error('It threw nothing.');
  }
}

/** A check that does not listen to its signal is left behind after the grace. */
async function endBySignal(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: abandoned, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    timer = setTimeout(() => reject(new Error('It did not stop when it was told to.')), GRACE_MS);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([work, abandoned]);
    signal.throwIfAborted();
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** Last added first. One that fails does not keep the others from running; the first failure is thrown. */
async function cleanUp(undo: { what: string; run: () => Promise<void> }[]): Promise<void> {
  const failures: unknown[] = [];
  for (const { what, run } of undo.reverse()) {
    const failed = await settle(() => within(run(), GRACE_MS));
    if (failed !== undefined) failures.push(new Error(`Could not clean up ${what}: ${failureText(failed)}`, { cause: failed }));
  }
  if (failures.length > 0) throw failures[0];
}

async function within(work: Promise<void>, ms: number): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function measureRounds(execution: CheckExecution, context: Parameters<Check['measure']>[0], rounds: Measurement[][]): Promise<void> {
  const { clock, planned } = execution;
  const started = clock.monotonicMs();
  if (isEnough(execution, rounds, 0)) return;
  let current: Measurement[] = [];
  const endRound = (): void => {
    finishRound(execution, rounds, current);
    current = [];
  };
  for await (const event of execution.check.measure(context, planned.options, rounds.length)) {
    if (event.kind === 'progress') execution.onProgress(event);
    else if (event.kind === 'measurement') current.push(record(execution, rounds.length, event.measurement));
    else {
      endRound();
      if (isEnough(execution, rounds, clock.monotonicMs() - started)) return;
    }
  }
  if (current.length > 0) endRound();
  compare(execution, rounds.filter(isHealthy));
}

function record(execution: CheckExecution, round: number, measurement: Measurement): Measurement {
  const { journal, planned } = execution;
  const { payload, ...rest } = measurement;
  const text = JSON.stringify(payload);
  const stored =
    text.length <= INLINE_BYTES ? undefined : store(execution, `${planned.id}/round-${round}/${measurement.metric}.json`, 'application/json', text);
  journal.append({
    type: 'measurement',
    execution: planned.id,
    round,
    measurement: { ...rest, payload: stored === undefined ? payload : { shape: 'artifact', sha256: stored } },
  });
  return measurement;
}

function finishRound(execution: CheckExecution, rounds: Measurement[][], current: Measurement[]): void {
  const healthy = isHealthy(current);
  rounds.push(current);
  execution.journal.append({ type: 'round.finished', execution: execution.planned.id, round: rounds.length - 1, healthy });
  execution.journal.sync();
  execution.onProgress({ kind: 'round', round: rounds.length - 1, healthy });
}

function isHealthy(round: readonly Measurement[]): boolean {
  return round.every(({ instrument }) => instrument.healthy);
}

/** Enough: the least number of healthy rounds, a sick one repeated once, and nothing left undecided that the budget allows to decide. */
function isEnough(execution: CheckExecution, rounds: readonly (readonly Measurement[])[], elapsedMs: number): boolean {
  const { min, max, budgetMs } = execution.planned.rounds;
  const healthy = rounds.filter(isHealthy);
  const sick = rounds.length - healthy.length;
  if (healthy.length < min && rounds.length < min + Math.min(1, sick)) return false;
  const decisions = compare(execution, healthy);
  const undecided = decisions.some((decision) => decision.outcome === 'undecided' && 'effect' in decision);
  return !(undecided && rounds.length < max && elapsedMs < budgetMs);
}

/** Asks the comparator for each comparing binding of this execution and journals what it said. */
function compare(execution: CheckExecution, healthy: readonly (readonly Measurement[])[]): Comparison[] {
  const { plan, planned, comparator, journal } = execution;
  if (comparator === undefined) return [];
  return plan.criteria.flatMap(({ criterion, bindings }) =>
    bindings.flatMap(({ binding, execution: id }, index) => {
      const { expect } = binding;
      const metric = planned.metrics[expect.metric];
      if (id !== planned.id || metric === undefined || expect.kind === 'limit' || expect.kind === 'cases' || expect.kind === 'none') return [];
      return partsOf(binding, healthy).flatMap(({ labels, rounds }) => {
        const decision = comparator.decide(rounds, expect, metric);
        if (decision === undefined) return [];
        journal.append({ type: 'compared', execution: planned.id, criterion: criterion.id, binding: index, ...(labels && { labels }), decision });
        return [decision];
      });
    }),
  );
}

interface ComparedPart {
  /** Absent: the whole. */
  readonly labels?: { readonly route?: string; readonly subject?: string };
  readonly rounds: readonly (readonly Measurement[])[];
}

/** The whole, or each label set by itself, as the judge will see them. */
function partsOf({ scope, expect: { metric } }: Binding, healthy: readonly (readonly Measurement[])[]): readonly ComparedPart[] {
  if (scope !== 'each') return [{ rounds: healthy }];
  const own = healthy.map((round) => byLabels(round.filter((one) => one.metric === metric)));
  const sets = new Map(own.flatMap((round) => [...round].flatMap(([key, [one]]) => (one === undefined ? [] : [[key, one.labels] as const]))));
  return [...sets].map(([key, { route, subject }]) => ({
    labels: { ...(route === undefined ? {} : { route }), ...(subject === undefined ? {} : { subject }) },
    rounds: own.map((round) => round.get(key) ?? []),
  }));
}

function artifactStore(execution: CheckExecution): ArtifactStore {
  return {
    async put(name, mediaType, bytes, secrets = []) {
      for (const secret of secrets) execution.scrubber.add('of a session', secret);
      return store(execution, name, mediaType, bytes);
    },
  };
}

function store({ folder, scrubber, journal }: CheckExecution, name: string, mediaType: string, bytes: string | Uint8Array): string {
  const stored = storeArtifact(folder, scrubber, mediaType, bytes);
  journal.append({ type: 'artifact.stored', sha256: stored.sha256, name, mediaType, bytes: stored.bytes });
  return stored.sha256;
}

function failureText(error: unknown): string {
  if (error instanceof GateError) return `${error.code}: ${error.message}${error.remedy === undefined ? '' : ` ${error.remedy}`}`;
  if (error instanceof Error) return error.cause === undefined ? error.message : `${error.message} (${failureText(error.cause)})`;
  return String(error);
}
