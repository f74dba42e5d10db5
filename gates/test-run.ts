// Runs small staged gates for the tests of gates/: checks, subjects and problems as each test gives them, everything else as it is.
import { z } from 'zod';
import type { Check, CheckContext, Comparator, Gate, Problem, Subject, Workbench } from './model.ts';
import { makePlan } from './plan.ts';
import { type Journal, openJournal, type RunFolder } from './run-folder.ts';
import { type GateRun, runGate } from './run-gate.ts';
import { createScrubber } from './scrub.ts';
import { testEnvironment } from './test-environment.ts';
import { viewOf } from './view.ts';

export const SUBJECT: Subject = { commit: 'a1b2', deploymentId: 'dpl_1', schemaVersion: '7' };
export const round = { kind: 'end-of-round' } as const;

export function check(id: string, measure: Check['measure'], more: Partial<Check> = {}): Check {
  return {
    id,
    title: id,
    about: { proves: '', how: '', source: '', leavesOpen: '', whenItFails: '' },
    revision: 1,
    effects: ['read'],
    needs: [],
    locks: [],
    after: [],
    options: z.object({}),
    presets: { pr: {}, full: {} },
    metrics: { latency: { title: 'latency', unit: 'ms', shape: 'samples', better: 'lower' } },
    defaultExpect: [],
    estimate: () => ({ seconds: 1, requests: 1 }),
    timeoutMs: () => 5000,
    measure,
    ...more,
  };
}
export function gate(...ids: string[]): Gate {
  const criteria = ids.map((id): Gate['criteria'][number] => ({
    id: `phase3.test.${id}`,
    section: 'Test',
    text: id,
    source: 'plan §3.6',
    required: true,
    profiles: ['pr', 'full'],
    kind: { measured: [{ check: id, expect: { kind: 'limit', metric: 'latency', statistic: 'max', op: '<', value: 500, minSamples: 1 } }] },
  }));
  return { id: 'phase3', title: 'Phase 3', objective: '', source: '', criteria, approvers: [] };
}

export interface Staged {
  readonly checks: readonly Check[];
  /** Default: a limit on each check. */
  readonly gate?: Gate;
  readonly comparator?: Comparator;
  readonly subjects?: readonly Subject[];
  readonly problems?: readonly Problem[];
  /** Of every probe but the first; default: as of the first. */
  readonly problemsLater?: readonly Problem[];
  readonly signal?: AbortSignal;
  readonly opened?: string[];
  /** Default: 2026-11-23. */
  readonly today?: string;
  readonly requireSignoff?: boolean;
  /** Stands between the run and its journal. */
  readonly wrap?: (journal: Journal) => Journal;
}
/** Runs the gate of `checks` in `folder`; a folder that has a journal is resumed. */
export async function go(folder: RunFolder, staged: Staged): Promise<boolean> {
  const { checks, signal = new AbortController().signal } = staged;
  const plan = makePlan({
    gate: staged.gate ?? gate(...checks.map(({ id }) => id)),
    environment: testEnvironment(),
    checks,
    checksToCome: [],
    profile: 'full',
    only: [],
    today: staged.today ?? '2026-11-23',
  });
  const scrubber = createScrubber();
  scrubber.add('TOKEN', 'hush-hush');
  const journal = openJournal(folder, { now: () => new Date(), scrubber, processId: process.pid, isAlive: () => false });
  const run: GateRun = {
    folder,
    plan,
    checks,
    journal: staged.wrap?.(journal) ?? journal,
    scrubber,
    workbench: workbench(staged),
    comparator: staged.comparator,
    start: {
      digests: { config: 'c', policy: 'p', baselines: null },
      machine: { tool: 't', node: 'n', platform: 'p', cpus: 2, memoryMiB: 1 },
      requireSignoff: staged.requireSignoff ?? false,
    },
    attemptsOn: () => [],
    clock: { now: () => new Date(), monotonicMs: () => performance.now() },
    signal,
    onProgress: () => undefined,
  };
  try {
    return await runGate(run);
  } finally {
    journal.close();
  }
}
function workbench({ subjects = [SUBJECT], problems = [], problemsLater = problems, opened = [] }: Staged): Workbench {
  let probes = 0;
  return {
    probe: async () => {
      const index = probes++;
      return { subject: subjects[Math.min(index, subjects.length - 1)] ?? SUBJECT, problems: index === 0 ? problems : problemsLater };
    },
    open: (scope) => {
      opened.push(scope.execution.split('@')[0] ?? '');
      return {
        context: { signal: scope.signal, cleanup: scope.cleanup, artifacts: scope.artifacts, checkpoint: scope.checkpoint } as CheckContext,
        requests: () => 1,
        close: async () => undefined,
      };
    },
  };
}
export const states = (folder: RunFolder): string[] =>
  viewOf(folder).report.criteria.map(({ id, state, reason }) => `${id.split('.')[2]} ${state} ${reason.code}`);
