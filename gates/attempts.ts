// Earlier runs of a gate on one subject — the red and the unfinished too (DESIGN §4). Called when a run begins, and by `--resume`.
import type { Attempt, CriterionReport, Subject } from './model/report.ts';
import { isVerdict } from './lattice.ts';
import { newestFirst, OUTLINE_LINES, type OutlinedRun, outlineOf, type RunOutline } from './run-outline.ts';
import type { RunStore } from './run-store.ts';
import { differences } from './subject.ts';

/** They stand in one line of the journal, which has 64 KiB. */
const MOST_ATTEMPTS = 100;
const LONGEST_REASON = 300;

/**
 * Oldest first. One whose journal does not hold is listed as far as it tells gate and subject; what tells neither is no attempt on this one.
 * Of more than 100 the newest are answered, and the first of them says how many came before.
 */
export async function findAttempts(
  store: RunStore,
  on: { readonly gate: string; readonly environment: string; readonly subject: Subject; readonly before: string },
): Promise<Attempt[]> {
  const outlines = (await store.scan(OUTLINE_LINES)).map((run) => outlineOf(run).outline);
  const same = outlines
    .filter(({ run, gate, environment }) => run !== on.before && gate === on.gate && environment === on.environment)
    .filter(({ subject }) => subject !== null && differences(subject, on.subject).length === 0)
    .sort((a, b) => newestFirst(b, a));
  const newest = same.slice(-MOST_ATTEMPTS);
  const judged = await store.scan({ ...OUTLINE_LINES, judged: true, ids: newest.filter(({ verdict }) => verdict !== null).map(({ run }) => run) });
  const byRun = new Map(judged.map((run) => [run.id, outlineOf(run)]));
  const attempts = newest.flatMap((outline) => attempt(byRun.get(outline.run) ?? { outline, judged: [] }));
  const [oldest, ...later] = attempts;
  if (oldest === undefined || same.length === newest.length) return attempts;
  const words = `${same.length - newest.length} came before this one (naap-gate list runs --gate ${on.gate} --env ${on.environment}).`;
  return [{ ...oldest, reason: `${words} ${oldest.reason}` }, ...later];
}

/** None for a run that does not tell when it began; such a one tells no subject either. */
function attempt({ outline, judged }: OutlinedRun): Attempt[] {
  const { run, startedAt, verdict, exitCode } = outline;
  if (startedAt === null) return [];
  const reason = reasonOf(outline, judged);
  return [
    {
      run,
      startedAt,
      verdict,
      exitCode,
      sealed: verdict !== null,
      reason: reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON - 1)}…` : reason,
    },
  ];
}

function reasonOf({ verdict, problem, headline }: RunOutline, judged: readonly CriterionReport[]): string {
  if (problem !== null) return `cannot be read: ${problem}`;
  if (verdict === null) return 'not finished';
  const decisive = judged.find(({ state, required }) => required && isVerdict(state) && state === verdict);
  return verdict === 'pass' || decisive === undefined ? (headline ?? '') : `${decisive.id}: ${decisive.reason.text}`;
}

/** Id of the newest run that was begun and not sealed. */
export async function newestUnfinished(store: RunStore, gate: string, environment: string): Promise<string | undefined> {
  const outlines = (await store.scan(OUTLINE_LINES)).map((run) => outlineOf(run).outline);
  const unfinished = outlines.filter((one) => one.gate === gate && one.environment === environment && one.verdict === null && one.problem === null);
  return unfinished.sort(newestFirst)[0]?.run;
}
