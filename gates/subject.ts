// Did the run judge one thing from beginning to end? Compares what the probes saw (DESIGN §4, "Subject"). Pure; called by run-gate and view.
import type { Reason, Subject } from './model/report.ts';
import type { JournalContent } from './run-folder.ts';
import { eventsOf } from './recorded.ts';

/** Undefined while nothing speaks against it. The first probe's problems, a changed subject, or a last probe that failed. */
export function subjectProblem(journal: JournalContent): Reason | undefined {
  const [first, ...later] = eventsOf(journal, 'subject.observed');
  if (first === undefined) return undefined;
  const stranger = first.problems.find(({ scope }) => scope === 'verdicts');
  if (stranger !== undefined) return { code: 'NOT_IDENTIFIED', text: `${stranger.code}: ${stranger.text}` };
  for (const { subject, when, problems } of later) {
    const changed = differences(first.subject, subject);
    if (changed.length > 0)
      return { code: 'SUBJECT_CHANGED', text: `The application changed during the run: ${changed.join('; ')}. Run again on one deployment.` };
    const silent = problems.length === 0 ? FIELDS.filter((field) => first.subject[field] !== null && subject[field] === null) : [];
    if (silent.length > 0) {
      return {
        code: 'SUBJECT_CHANGED',
        text: `After the run (probe "${when}") the application no longer told its ${silent.join(', ')}, so nobody knows that it is the same. Run again.`,
      };
    }
    const lost = problems.find(({ scope, code }) => (scope === 'all' || scope === 'verdicts') && code !== 'TARGET_UNHEALTHY');
    if (lost !== undefined)
      return { code: 'SUBJECT_CHANGED', text: `After the run (probe "${when}") the application could not be identified any more: ${lost.text}` };
  }
  return undefined;
}

const FIELDS = ['commit', 'deploymentId', 'schemaVersion'] as const;

/** Fields that differ, in words: `commit was a1b2, is c3d4`. A field that one probe could not read is no difference by itself. */
export function differences(before: Subject, after: Subject): string[] {
  return FIELDS.flatMap((field) =>
    before[field] !== null && after[field] !== null && before[field] !== after[field] ? [`${field} was ${before[field]}, is ${after[field]}`] : [],
  );
}
