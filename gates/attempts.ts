// Earlier runs of a gate on one subject — the red and the unfinished too (DESIGN §4). Called when a run begins, and by `--resume`.
import type { Attempt, Subject } from './model/report.ts';
import { GateError } from './model/errors.ts';
import { isVerdict } from './lattice.ts';
import { eventsOf, judgedCriteria } from './recorded.ts';
import { type JournalContent, listRuns, readJournal, runFolder } from './run-folder.ts';
import { differences } from './subject.ts';

/** Oldest first. A journal that cannot be read tells no gate and no subject, so it is no attempt on this one. */
export function findAttempts(runsDirectory: string, on: { gate: string; environment: string; subject: Subject; before: string }): Attempt[] {
  return listRuns(runsDirectory)
    .filter((id) => id !== on.before)
    .flatMap((id) => {
      const journal = readOrUndefined(runsDirectory, id);
      const [started] = journal === undefined ? [] : eventsOf(journal, 'run.started');
      if (journal === undefined || started === undefined || started.gate !== on.gate || started.environment !== on.environment) return [];
      const [observed] = eventsOf(journal, 'subject.observed');
      return observed !== undefined && differences(observed.subject, on.subject).length === 0 ? [attempt(id, started.at, journal)] : [];
    });
}

function attempt(run: string, startedAt: string, journal: JournalContent): Attempt {
  const [finished] = eventsOf(journal, 'run.finished');
  if (finished === undefined) return { run, startedAt, verdict: null, exitCode: null, sealed: false, reason: 'not finished' };
  const judged = judgedCriteria(journal);
  const decisive = judged.find(({ state, required }) => required && isVerdict(state) && state === finished.verdict);
  const reason = finished.verdict === 'pass' || decisive === undefined ? finished.headline : `${decisive.id}: ${decisive.reason.text}`;
  return { run, startedAt, verdict: finished.verdict, exitCode: finished.exitCode, sealed: true, reason };
}

/** Id of the newest run that was begun and not sealed. */
export function newestUnfinished(runsDirectory: string, gate: string, environment: string): string | undefined {
  return listRuns(runsDirectory).findLast((id) => {
    const journal = readOrUndefined(runsDirectory, id);
    const [started] = journal === undefined ? [] : eventsOf(journal, 'run.started');
    return journal !== undefined && started?.gate === gate && started.environment === environment && eventsOf(journal, 'run.finished').length === 0;
  });
}

function readOrUndefined(runsDirectory: string, id: string): JournalContent | undefined {
  try {
    return readJournal(runFolder(runsDirectory, id));
  } catch (error) {
    if (error instanceof GateError) return undefined;
    throw error;
  }
}
