// What a run says of itself in a few lines of its journal and its ledger: for `list runs`, and for finding earlier attempts. Pure.
import { z } from 'zod';
import { JOURNAL_VERSION, JournalEvent } from './model/events.ts';
import { CriterionReport, Subject } from './model/report.ts';
import { Profile, Verdict } from './model/verdicts.ts';
import { LedgerEvent, Outcome } from './paper/ledger-event.ts';
import type { RunLines, WantedLines } from './run-store.ts';
import type { ChainScan, ScannedLine } from './scan-chain.ts';

/** A field is null where the journal does not carry it. What the ledger says is told, not verified. */
export interface RunOutline {
  readonly run: string;
  readonly gate: string | null;
  readonly environment: string | null;
  readonly profile: Profile | null;
  readonly subject: Subject | null;
  readonly startedAt: string | null;
  /** When it was sealed. */
  readonly endedAt: string | null;
  /** When its journal last grew. */
  readonly lastAt: string | null;
  readonly verdict: Verdict | null;
  readonly exitCode: number | null;
  readonly scope: 'complete' | 'partial' | null;
  readonly headline: string | null;
  readonly signOffs: readonly { readonly role: string; readonly decision: 'approve' | 'reject'; readonly keyId: string; readonly at: string }[];
  readonly decision: Outcome | null;
  /** Why it cannot be read, or what does not hold; then it has no verdict. */
  readonly problem: string | null;
}
export interface OutlinedRun {
  readonly outline: RunOutline;
  /** The judgements that were asked for. */
  readonly judged: readonly CriterionReport[];
}

/** What `outlineOf` looks at. */
export const OUTLINE_LINES: WantedLines = { types: ['run.started', 'run.resumed', 'subject.observed', 'run.finished'] };

/** Of a line only what is needed is read: it may be one of a version that knew more. */
const Started = z.object({ journalVersion: z.int(), gate: z.string(), environment: z.string(), profile: Profile });
const Observed = z.object({ subject: Subject });
const Finished = z.object({ verdict: Verdict, headline: z.string(), exitCode: z.int(), scope: z.enum(['complete', 'partial']) });
const Judged = z.object({ criterion: CriterionReport });

const JOURNAL_TYPES: readonly string[] = JournalEvent.options.map(({ shape }) => shape.type.value);

export function outlineOf({ id, journal, ledger }: RunLines): OutlinedRun {
  const [first] = journal.lines;
  const started = first?.type === 'run.started' && first.seq === 0 ? read(Started, first) : undefined;
  const problem = whyUnreadable(journal, started) ?? whyLedgerUnreadable(ledger);
  const last = journal.lines.findLast(({ type }) => type === 'run.finished');
  const finished = problem === undefined && last?.seq === journal.count - 1 ? read(Finished, last) : undefined;
  const observed = journal.lines.find(({ type }) => type === 'subject.observed');
  return {
    outline: {
      run: id,
      gate: started?.gate ?? null,
      environment: started?.environment ?? null,
      profile: started?.profile ?? null,
      subject: (observed && read(Observed, observed)?.subject) ?? null,
      startedAt: first?.at ?? null,
      endedAt: finished === undefined ? null : (last?.at ?? null),
      lastAt: journal.lastAt ?? null,
      verdict: finished?.verdict ?? null,
      exitCode: finished?.exitCode ?? null,
      scope: finished?.scope ?? null,
      headline: finished?.headline ?? null,
      ...paperOf(ledger),
      problem: problem ?? null,
    },
    judged: problem === undefined ? lastJudged(journal) : [],
  };
}

/** A run that was killed while it judged has judged again after its resume: only that counts. */
function lastJudged({ lines }: ChainScan): CriterionReport[] {
  const resumed = lines.findLastIndex(({ type }) => type === 'run.resumed');
  return lines.slice(resumed + 1).flatMap((line) => (line.type === 'criterion.judged' ? (read(Judged, line)?.criterion ?? []) : []));
}

function read<Value>(schema: z.ZodType<Value>, { text }: ScannedLine): Value | undefined {
  return schema.safeParse(jsonOf(text)).data;
}
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function whyUnreadable(journal: ChainScan, started: z.infer<typeof Started> | undefined): string | undefined {
  if (journal.damage !== undefined) return `the journal does not hold: ${journal.damage}`;
  if (journal.count === 0)
    return journal.tornBytes > 0 ? 'the journal was cut off in its first line' : 'its journal is empty: it ended before it began, or nothing was stored yet';
  if (started === undefined) return 'the journal does not begin with run.started';
  if (started.journalVersion > JOURNAL_VERSION) return `it was written by a newer version of naap-gate (journal version ${started.journalVersion})`;
  const unknown = [...journal.types].find((type) => !JOURNAL_TYPES.includes(type));
  if (unknown !== undefined) return `the journal holds an event that this version does not know (${unknown})`;
  const cutWithin = journal.lines.findLast(({ type }) => type === 'run.finished');
  if (cutWithin !== undefined && (cutWithin.seq < journal.count - 1 || journal.tornBytes > 0)) return 'the journal goes on after run.finished';
  return cutWithin !== undefined && read(Finished, cutWithin) === undefined ? 'its run.finished has not the shape that this version knows' : undefined;
}

function whyLedgerUnreadable(ledger: ChainScan): string | undefined {
  if (ledger.damage !== undefined) return `the ledger does not hold: ${ledger.damage}`;
  const unknown = ledger.lines.find((line) => eventOf(line) === undefined);
  return unknown === undefined ? undefined : `the ledger has in line ${unknown.seq + 1} no event that this version knows (${unknown.type})`;
}

function eventOf({ text }: ScannedLine): LedgerEvent | undefined {
  const { seq: _seq, at: _at, prev: _prev, ...event } = (jsonOf(text) ?? {}) as Record<string, unknown>;
  return LedgerEvent.safeParse(event).data;
}

/** The last word of each key in each role, and the last decision. */
function paperOf(ledger: ChainScan): Pick<RunOutline, 'signOffs' | 'decision'> {
  const events = ledger.lines.map((line) => ({ at: line.at, event: eventOf(line) }));
  const signOffs = events.flatMap(({ at, event }) =>
    event?.type === 'signoff' ? [{ role: event.role, decision: event.decision, keyId: event.keyId, at }] : [],
  );
  const decided = events.flatMap(({ event }) => (event?.type === 'decision' ? [event.outcome] : []));
  return { signOffs: [...new Map(signOffs.map((one) => [`${one.role}\n${one.keyId}`, one])).values()], decision: decided.at(-1) ?? null };
}

export interface RunFilter {
  readonly gate?: string;
  readonly environment?: string;
  /** Beginning of a commit. */
  readonly commit?: string;
  /** `unfinished`: begun and not sealed. */
  readonly verdict?: Verdict | 'unfinished';
  /** ISO 8601; runs that began then or later. */
  readonly since?: string;
}

/** A filter takes out only what is known not to fit: a run that cannot be read is never hidden. */
export function fits(outline: RunOutline, { gate, environment, commit, verdict, since }: RunFilter): boolean {
  const isUnreadable = outline.problem !== null;
  const differs = (asked: string | undefined, told: string | null): boolean => asked !== undefined && (told === null ? !isUnreadable : told !== asked);
  if (differs(gate, outline.gate) || differs(environment, outline.environment)) return false;
  if (since !== undefined && outline.startedAt !== null && outline.startedAt < since) return false;
  const told = outline.subject?.commit ?? null;
  if (commit !== undefined && (told === null ? !isUnreadable : !told.toLowerCase().startsWith(commit.toLowerCase()))) return false;
  return isUnreadable || verdict === undefined || (outline.verdict ?? 'unfinished') === verdict;
}

/** Newest first; one that does not tell its beginning stands first, to be seen. */
export function newestFirst(a: RunOutline, b: RunOutline): number {
  if (a.startedAt === b.startedAt) return a.run < b.run ? 1 : -1;
  if (a.startedAt === null || b.startedAt === null) return a.startedAt === null ? -1 : 1;
  return a.startedAt < b.startedAt ? 1 : -1;
}
