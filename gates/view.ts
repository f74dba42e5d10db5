// Folds a journal into the report that people and machines read. Pure but for reading artifacts; called after a run, by `report` and by `replay`.
import type { CriterionResult, RunReport } from './model/report.ts';
import type { RunView } from './model/reporter.ts';
import type { Plan } from './model/events.ts';
import type { Measurement } from './model/measurement.ts';
import type { RecordedExecution } from './judge.ts';
import { type JournalContent, type RunFolder, readJournal } from './run-folder.ts';
import { canonicalJson } from './digest.ts';
import { judgePlan } from './judge.ts';
import { countStates, exitCodesOf, gateVerdict, headlineOf, scopeOf } from './lattice.ts';
import { eventsOf, planOf, recordedExecutions, startOf } from './recorded.ts';
import { subjectProblem } from './subject.ts';

/**
 * Works on an unsealed journal too: then `sealed` is false and what did not run says so.
 * `change`: another policy in the place of the one that was planned, for a replay that asks what would have been.
 */
export function viewOf(folder: RunFolder, change: (plan: Plan) => Plan = (plan) => plan): RunView {
  const journal = readJournal(folder);
  const plan = change(planOf(journal, folder));
  const executions = recordedExecutions(journal, folder, plan);
  return {
    report: reportOf(journal, folder, plan, executions),
    measurements: measurementsByMetric(executions),
    behind: (criterion, result) => measurementsBehind(plan, executions, criterion, result),
    chain: { head: journal.chain.head, plan: startOf(journal, folder).plan },
  };
}

/** A result carries its binding's expectation as it stands, so the two find each other by it. */
function measurementsBehind(plan: Plan, executions: ReadonlyMap<string, RecordedExecution>, criterion: string, result: CriterionResult): Measurement[] {
  const expect = canonicalJson(result.expect);
  const planned = plan.criteria.find((one) => one.criterion.id === criterion);
  const found = planned?.bindings.find(({ binding }) => binding.check === result.check && canonicalJson(binding.expect) === expect);
  const execution = executions.get(found?.execution ?? '');
  return (execution?.rounds ?? []).flat().filter(({ metric }) => metric === result.metric);
}

function reportOf(journal: JournalContent, folder: RunFolder, plan: Plan, executions: ReadonlyMap<string, RecordedExecution>): RunReport {
  const started = startOf(journal, folder);
  const observed = eventsOf(journal, 'subject.observed');
  const [finished] = eventsOf(journal, 'run.finished');
  const problem = subjectProblem(journal);
  const { criteria, waivers } = judgePlan(plan, executions, problem);
  const verdict = gateVerdict(criteria);
  const counts = countStates(criteria);
  return {
    schemaVersion: 1,
    run: started.run,
    gate: started.gate,
    title: plan.title,
    environment: started.environment,
    target: plan.target,
    subject: observed[0]?.subject ?? { commit: null, deploymentId: null, schemaVersion: null },
    scope: scopeOf(criteria),
    profile: started.profile,
    startedAt: started.at,
    endedAt: finished?.at ?? null,
    sealed: finished !== undefined,
    verdict,
    headline: headlineOf(criteria),
    ...exitCodesOf(verdict, counts.pending, { requireSignoff: started.requireSignoff, enforcement: plan.enforcement }),
    counts,
    criteria: [...criteria],
    executions: plan.executions.map(({ id }) => executionReport(journal, executions, id)),
    instruments: distinct([...executions.values()].flatMap(({ rounds }) => rounds.flat().map(({ instrument }) => instrument))),
    waivers: [...waivers],
    enforcement: plan.enforcement,
    ...(plan.files === undefined ? {} : { files: plan.files }),
    pending: criteria.filter(({ state }) => state === 'pending').map(({ id, reason }) => ({ criterion: id, waitsFor: reason.text })),
    notApplicable: plan.notApplicable,
    attempts: observed[0]?.attempts ?? [],
    // What was wrong before and after the run alike is said once.
    problems: distinct([...(plan.problems ?? []), ...observed.flatMap(({ problems }) => problems)]),
    artifacts: distinct(eventsOf(journal, 'artifact.stored').map(({ sha256, name, mediaType, bytes }) => ({ sha256, name, mediaType, bytes }))),
    machine: started.machine,
    digests: started.digests,
  };
}

function executionReport(journal: JournalContent, executions: ReadonlyMap<string, RecordedExecution>, id: string): RunReport['executions'][number] {
  const recorded = executions.get(id);
  const started = eventsOf(journal, 'check.started').find(({ execution }) => execution === id);
  const finished = eventsOf(journal, 'check.finished').findLast(({ execution }) => execution === id);
  const notRun = recorded?.planned.skip?.reason.text ?? '';
  return {
    id,
    check: recorded?.planned.check ?? id,
    startedAt: started?.at ?? null,
    seconds: finished?.seconds ?? null,
    rounds: recorded?.rounds.length ?? 0,
    requests: finished?.requests ?? 0,
    outcome: finished?.outcome ?? (started === undefined ? 'not-run' : 'interrupted'),
    why: finished?.why ?? notRun,
  };
}

function measurementsByMetric(executions: ReadonlyMap<string, RecordedExecution>): Map<string, Measurement[]> {
  const byMetric = new Map<string, Measurement[]>();
  for (const { planned, rounds } of executions.values()) {
    for (const measurement of rounds.flat()) {
      const key = `${planned.check}/${measurement.metric}`;
      byMetric.set(key, [...(byMetric.get(key) ?? []), measurement]);
    }
  }
  return byMetric;
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [canonicalJson(value), value])).values()];
}
