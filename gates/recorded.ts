// Reads a journal back into what the judge needs: executions with their complete rounds. Used on resume, on judging and on replay.
import { Payload } from './model/measurement.ts';
import { type JournalEvent, type JournalledMeasurement, Plan } from './model/events.ts';
import { GateError } from './model/errors.ts';
import type { Comparison } from './model/comparator.ts';
import type { CriterionReport } from './model/report.ts';
import { type RecordedExecution, decisionKey } from './judge.ts';
import type { RecordedMeasurement } from './judge-figures.ts';
import { type JournalContent, type RunFolder, readArtifact } from './run-folder.ts';

type EventOf<Type extends JournalEvent['type']> = Extract<JournalEvent, { type: Type }>;

/** All events of one type, oldest first. */
export function eventsOf<Type extends JournalEvent['type']>(journal: JournalContent, type: Type): (EventOf<Type> & { readonly at: string })[] {
  return journal.events.flatMap(({ at, event }) => (event.type === type ? [{ ...(event as EventOf<Type>), at }] : []));
}

/** What the last judging said, in the plan's order: a run that was killed while it judged judged all of it again. */
export function judgedCriteria(journal: JournalContent): CriterionReport[] {
  const resumed = journal.events.findLastIndex(({ event }) => event.type === 'run.resumed');
  return journal.events.slice(resumed + 1).flatMap(({ event }) => (event.type === 'criterion.judged' ? [event.criterion] : []));
}

/** Throws JOURNAL_DAMAGED where the first event is not `run.started`. */
export function startOf(journal: JournalContent, folder: RunFolder): EventOf<'run.started'> & { readonly at: string } {
  const [started] = eventsOf(journal, 'run.started');
  if (started === undefined)
    throw new GateError('JOURNAL_DAMAGED', `The journal of ${folder.id} does not begin with run.started.`, {
      remedy: 'It was killed before it began; start a new run.',
    });
  return started;
}

export function planOf(journal: JournalContent, folder: RunFolder): Plan {
  return Plan.parse(JSON.parse(artifactText(folder, startOf(journal, folder).plan)));
}

/** By execution id, one for each planned execution, run or not. */
export function recordedExecutions(journal: JournalContent, folder: RunFolder, plan: Plan): Map<string, RecordedExecution> {
  return new Map(plan.executions.map((planned) => [planned.id, recordedExecution(journal, folder, planned)]));
}

function recordedExecution(journal: JournalContent, folder: RunFolder, planned: Plan['executions'][number]): RecordedExecution {
  const own = <Event extends { execution: string }>(events: readonly Event[]): Event[] => events.filter(({ execution }) => execution === planned.id);
  const rounds = own(eventsOf(journal, 'round.finished')).map(({ round }) =>
    measurementsOf(journal, planned.id, round).map(({ measurement }) => loaded(folder, measurement)),
  );
  const decisions = new Map<string, Comparison>(
    own(eventsOf(journal, 'compared')).map(({ criterion, binding, labels, decision }) => [decisionKey(criterion, binding, labels), decision]),
  );
  const finished = own(eventsOf(journal, 'check.finished')).at(-1);
  return { planned, rounds, decisions, ...(finished === undefined ? {} : { finished: { outcome: finished.outcome, why: finished.why } }) };
}

/** A round that was cut off and begun again counts from the last `check.started` before its end. */
function measurementsOf(journal: JournalContent, execution: string, round: number): EventOf<'measurement'>[] {
  const events = journal.events.map(({ event }) => event).filter((event) => 'execution' in event && event.execution === execution);
  const end = events.findIndex((event) => event.type === 'round.finished' && event.round === round);
  const start = events.slice(0, end).findLastIndex((event) => event.type === 'check.started');
  return events.slice(start + 1, end).flatMap((event) => (event.type === 'measurement' && event.round === round ? [event] : []));
}

function loaded(folder: RunFolder, { payload, ...rest }: JournalledMeasurement): RecordedMeasurement {
  if (payload.shape !== 'artifact') return { ...rest, payload };
  return { ...rest, payload: Payload.parse(JSON.parse(artifactText(folder, payload.sha256))), artifact: payload.sha256 };
}

function artifactText(folder: RunFolder, digest: string): string {
  const bytes = readArtifact(folder, digest);
  if (bytes === undefined) {
    throw new GateError('JOURNAL_DAMAGED', `Artifact ${digest} of ${folder.id} is missing or was changed.`, {
      remedy: 'Restore it from the bundle or a backup, or measure again.',
    });
  }
  return new TextDecoder().decode(bytes);
}
