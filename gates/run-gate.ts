// The one path of a run: probe, run the checks round by round, judge, seal — every step in the journal (DESIGN §4). Called by cli/.
import type { Check, Workbench } from './model/check.ts';
import type { Comparator } from './model/comparator.ts';
import { JOURNAL_VERSION, type JournalEvent, type Plan, type PlannedExecution } from './model/events.ts';
import type { Measurement } from './model/measurement.ts';
import { GateError } from './model/errors.ts';
import type { Attempt, CriterionReport, Problem, Subject } from './model/report.ts';
import { type RunFolder, type Journal, readArtifact, readJournal, storeArtifact } from './run-folder.ts';
import type { Scrubber } from './scrub.ts';
import { GENESIS } from './chain.ts';
import { canonicalJson } from './digest.ts';
import { type ExecutionProgress, executeCheck } from './execute-check.ts';
import { judgePlan } from './judge.ts';
import { countStates, exitCodesOf, gateVerdict, headlineOf, scopeOf } from './lattice.ts';
import { eventsOf, planOf, recordedExecutions, startOf } from './recorded.ts';
import { type Task, runTasks } from './schedule.ts';
import { subjectProblem } from './subject.ts';

/** What a terminal shows while a run goes on; nothing of it is journalled. */
export type RunProgress =
  | { readonly kind: 'probed'; readonly subject: Subject; readonly problems: readonly Problem[] }
  | { readonly kind: 'execution'; readonly execution: string; readonly progress: ExecutionProgress }
  | { readonly kind: 'judged'; readonly criterion: CriterionReport };

export interface GateRun {
  readonly folder: RunFolder;
  readonly plan: Plan;
  readonly checks: readonly Check[];
  readonly workbench: Workbench;
  /** Without one, what is to be compared has nothing to be compared with: NO_BASELINE. */
  readonly comparator?: Comparator;
  readonly journal: Journal;
  readonly scrubber: Scrubber;
  /** Digests and machine for `run.started`. */
  readonly start: RunStart;
  /** Earlier runs of this gate on this subject. */
  readonly attemptsOn: (subject: Subject) => readonly Attempt[] | Promise<readonly Attempt[]>;
  readonly clock: { now(): Date; monotonicMs(): number };
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
}
export interface RunStart {
  readonly digests: { readonly config: string; readonly policy: string; readonly baselines: string | null };
  readonly machine: { readonly tool: string; readonly node: string; readonly platform: string; readonly cpus: number; readonly memoryMiB: number };
  readonly requireSignoff: boolean;
}

/** Executions side by side; one holding `machine` or `target` runs alone. */
const PARALLEL = 4;
/** An application that does not answer its identity check by then is not there. */
const PROBE_TIMEOUT_MS = 20_000;

/** Runs or continues. Answers false when it was interrupted: then the journal is unsealed and `--resume` goes on. */
export async function runGate(asked: GateRun): Promise<boolean> {
  const run = begin(asked);
  // A run that was killed before its first probe has still to find its attempts: a resumed one has them.
  const isObserved = eventsOf(readJournal(run.folder), 'subject.observed').length > 0;
  const before = await observe(run, isObserved ? 'resumed' : 'before');
  if (run.signal.aborted) return false;
  const recorded = recordedExecutions(readJournal(run.folder), run.folder, run.plan);
  const open = run.plan.executions.filter(({ id, skip }) => skip === undefined && recorded.get(id)?.finished === undefined);
  const blockedBy = (execution: PlannedExecution): Problem | undefined => before.problems.find(({ scope }) => isBlocked(run, execution, scope));
  for (const { id, problem } of open.map((execution) => ({ id: execution.id, problem: blockedBy(execution) }))) {
    if (problem !== undefined)
      run.journal.append({ type: 'check.finished', execution: id, outcome: 'error', why: `${problem.code}: ${problem.text}`, seconds: 0, requests: 0 });
  }
  const free = open.filter((execution) => blockedBy(execution) === undefined);
  await runTasks(
    free.map((execution) => task(run, execution, recorded.get(execution.id)?.rounds ?? [])),
    { parallel: PARALLEL, signal: run.signal },
  );
  if (run.signal.aborted) return false;
  if (free.length > 0) await observe(run, 'after');
  if (run.signal.aborted) return false;
  judgeAndSeal(run);
  return true;
}

function isBlocked({ checks }: GateRun, execution: PlannedExecution, scope: Problem['scope']): boolean {
  if (scope === 'all' || scope === 'nothing') return scope === 'all';
  if (scope !== 'verdicts') return execution.needs.includes(scope);
  // A stranger's site is looked at, not written to, and not asked to let anybody in.
  const check = checks.find(({ id }) => id === execution.check);
  return check === undefined || check.locks.includes('auth-quota') || check.effects.some((effect) => effect !== 'read');
}

/** Writes `run.started`, or `run.resumed` on a journal that has begun. Answers the run as it began: a plan that was made on a later day is another one. */
function begin(run: GateRun): GateRun {
  if (run.journal.head === GENESIS) {
    const { sha256, bytes } = storeArtifact(run.folder, run.scrubber, 'application/json', canonicalJson(run.plan));
    run.journal.append(started(run, sha256));
    run.journal.append(planStored(sha256, bytes));
    return run;
  }
  run.journal.append({ type: 'run.resumed', droppedBytes: run.journal.droppedBytes });
  const journal = readJournal(run.folder);
  const { plan, requireSignoff } = startOf(journal, run.folder);
  if (!eventsOf(journal, 'artifact.stored').some(({ sha256 }) => sha256 === plan))
    run.journal.append(planStored(plan, readArtifact(run.folder, plan)?.length ?? 0));
  return { ...run, plan: planOf(journal, run.folder), start: { ...run.start, requireSignoff } };
}

function planStored(sha256: string, bytes: number): JournalEvent {
  return { type: 'artifact.stored', sha256, name: 'plan.json', mediaType: 'application/json', bytes };
}
function started({ folder, plan: { gate, environment, profile }, start }: GateRun, plan: string): JournalEvent {
  return { type: 'run.started', journalVersion: JOURNAL_VERSION, run: folder.id, gate, environment, profile, plan, ...start };
}

async function observe(run: GateRun, when: 'before' | 'after' | 'resumed'): Promise<{ problems: readonly Problem[] }> {
  const { subject, problems } = await run.workbench.probe(AbortSignal.any([run.signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]));
  const attempts = when === 'before' ? { attempts: [...(await run.attemptsOn(subject))] } : {};
  if (run.signal.aborted) return { problems };
  run.journal.append({
    type: 'subject.observed',
    when,
    subject,
    problems: [...problems],
    ...attempts,
  });
  run.onProgress({ kind: 'probed', subject, problems });
  return { problems };
}

function task(run: GateRun, planned: PlannedExecution, rounds: readonly (readonly Measurement[])[]): Task {
  return {
    id: planned.id,
    locks: planned.locks,
    waitsFor: run.plan.executions.filter(({ check }) => planned.after.includes(check)).map(({ id }) => id),
    run: async () => {
      const check = run.checks.find(({ id }) => id === planned.check);
      if (check === undefined)
        throw new GateError('RESUME_REFUSED', `The check "${planned.check}" of this run is not in this version.`, { remedy: 'Start a new run.' });
      await run.workbench.undisturbed?.(planned.locks);
      await executeCheck({
        ...run,
        planned,
        check,
        earlierRounds: rounds,
        onProgress: (progress) => run.onProgress({ kind: 'execution', execution: planned.id, progress }),
      });
    },
  };
}

/** Judges the journal as it stands on disk — not what is in memory — and seals it. */
function judgeAndSeal(run: GateRun): void {
  const journal = readJournal(run.folder);
  const executions = recordedExecutions(journal, run.folder, run.plan);
  const problem = subjectProblem(journal);
  const { criteria } = judgePlan(run.plan, executions, problem);
  for (const criterion of criteria) {
    run.journal.append({ type: 'criterion.judged', criterion });
    run.onProgress({ kind: 'judged', criterion });
  }
  const verdict = gateVerdict(criteria);
  const counts = countStates(criteria);
  const { requireSignoff } = run.start;
  const { exitCode } = exitCodesOf(verdict, counts.pending, { requireSignoff, enforcement: run.plan.enforcement });
  run.journal.append({ type: 'run.finished', verdict, headline: headlineOf(criteria), exitCode, scope: scopeOf(criteria), counts });
  run.journal.sync();
}
