// Do the files of a run hold together — chains, seal, artifacts, report, ledger — before anybody's signature is looked at? Called by verify and before anything is added.
import { canonicalJson, sha256 } from '../digest.ts';
import { Plan } from '../model/events.ts';
import { RunReport } from '../model/report.ts';
import { eventsOf, judgedCriteria } from '../recorded.ts';
import { type JournalContent, parseJournal } from '../run-folder.ts';
import { broken, Damage, type Finding, orDamage } from './finding.ts';
import type { LedgerOpened } from './ledger-event.ts';
import { type LedgerEntry, readLedger } from './read-ledger.ts';
import { type SealedRun, utf8File } from './sealed-run.ts';
import type { RunDigests } from './statement.ts';

/** A run whose files hold together. */
export interface Examined {
  readonly source: SealedRun;
  readonly journal: JournalContent;
  readonly plan: Plan;
  readonly report: RunReport;
  readonly ledger: readonly LedgerEntry[];
  readonly ledgerHead: string;
  readonly opened: LedgerOpened;
  readonly digests: RunDigests;
}

/** Of report.json. */
const SCHEMA_VERSION = RunReport.shape.schemaVersion.value;

/** Layer upon layer: on damaged ground nothing more can be said, so the first layer that does not hold ends it, with all that it has found. */
export function examine(source: SealedRun): Examined | readonly Finding[] {
  try {
    const journal = readSealedJournal(source);
    const plan = readPlan(source, journal);
    damagedUnless(lostArtifacts(source, journal));
    const { report, digest } = readReport(source, journal, plan);
    const seal = journal.chain.head;
    const ledger = readLedger(source, { run: report.run, seal, report: digest });
    damagedUnless(lostEvidence(source, ledger.entries));
    return {
      source,
      journal,
      plan,
      report,
      ledger: ledger.entries,
      ledgerHead: ledger.head,
      opened: ledger.opened,
      digests: { report: digest, seal, plan: planDigest(journal) },
    };
  } catch (error) {
    if (error instanceof Damage) return error.findings;
    throw error;
  }
}

export function isExamined(result: Examined | readonly Finding[]): result is Examined {
  return !Array.isArray(result);
}
function damagedUnless(findings: readonly Finding[]): void {
  if (findings.length > 0) throw new Damage(...findings);
}

function readSealedJournal(source: SealedRun): JournalContent {
  const bytes = utf8File(source, 'run.ndjson', 'JOURNAL_DAMAGED');
  const journal = orDamage('JOURNAL_DAMAGED', () => parseJournal(bytes, 'run.ndjson'));
  const types = journal.events.map(({ event }) => event.type);
  const { tornBytes } = journal.chain;
  if (tornBytes > 0) throw new Damage(broken('JOURNAL_DAMAGED', `run.ndjson: its last line was cut off after ${tornBytes} bytes.`));
  if (types[0] !== 'run.started' || types.lastIndexOf('run.started') > 0)
    throw new Damage(broken('JOURNAL_DAMAGED', 'run.ndjson does not begin with run.started, once.'));
  if (types.at(-1) !== 'run.finished' || types.indexOf('run.finished') < types.length - 1)
    throw new Damage(broken('NOT_SEALED', 'The journal does not end with run.finished: the run was not finished.'));
  return journal;
}

function planDigest(journal: JournalContent): string {
  return eventsOf(journal, 'run.started')[0]?.plan ?? '';
}

function readPlan(source: SealedRun, journal: JournalContent): Plan {
  const digest = planDigest(journal);
  const bytes = source.artifact(digest);
  if (bytes === undefined) throw new Damage(broken('ARTIFACT_DAMAGED', `The plan (artifact ${digest}) is missing or was changed.`));
  const parsed = Plan.safeParse(jsonOf(bytes));
  if (!parsed.success) throw new Damage(broken('ARTIFACT_DAMAGED', `The plan (artifact ${digest}) has not the shape that this version knows.`));
  return parsed.data;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function lostArtifacts(source: SealedRun, journal: JournalContent): Finding[] {
  return journalArtifacts(journal)
    .filter(({ sha256: digest }) => source.artifact(digest) === undefined)
    .map(({ sha256: digest, name }) => broken('ARTIFACT_DAMAGED', `The artifact ${name} (${digest}) is missing or was changed.`));
}

/** Everything that the journal names, payloads of measurements included. */
export function journalArtifacts(journal: JournalContent): { readonly sha256: string; readonly name: string }[] {
  const payloads = eventsOf(journal, 'measurement').flatMap(({ execution, measurement: { metric, payload } }) =>
    payload.shape === 'artifact' ? [{ sha256: payload.sha256, name: `${metric} of ${execution}` }] : [],
  );
  const stored = eventsOf(journal, 'artifact.stored').map(({ sha256: digest, name }) => ({ sha256: digest, name }));
  return [...new Map([...payloads, ...stored].map((artifact) => [artifact.sha256, artifact])).values()];
}

function readReport(source: SealedRun, journal: JournalContent, plan: Plan): { readonly report: RunReport; readonly digest: string } {
  const bytes = utf8File(source, 'report.json', 'REPORT_CHANGED');
  const content = jsonOf(bytes);
  const parsed = RunReport.safeParse(content);
  if (!parsed.success) throw new Damage(broken('REPORT_CHANGED', whyNoReport(content)));
  const wrong = recordedFacts(journal, plan).filter(([field, value]) => canonicalJson(parsed.data[field]) !== canonicalJson(value));
  damagedUnless(wrong.map(([field]) => broken('REPORT_CHANGED', `report.json: "${field}" is not what the journal recorded.`)));
  return { report: parsed.data, digest: sha256(bytes) };
}

function whyNoReport(content: unknown): string {
  if (content === undefined) return 'report.json is no JSON.';
  const version = (content as { schemaVersion?: unknown } | null)?.schemaVersion;
  return typeof version === 'number' && version !== SCHEMA_VERSION
    ? `report.json has the schema version ${version}; this version of naap-gate knows ${SCHEMA_VERSION}. Read it with the version that wrote it.`
    : 'report.json has not the shape that this version knows.';
}

/** What the journal itself says, whatever version made the report: who, what, and every verdict as it was judged. */
function recordedFacts(journal: JournalContent, plan: Plan): [keyof RunReport, unknown][] {
  const [started] = eventsOf(journal, 'run.started');
  const [finished] = eventsOf(journal, 'run.finished');
  return [
    ['run', started?.run],
    ['gate', started?.gate],
    ['environment', started?.environment],
    ['profile', started?.profile],
    ['digests', started?.digests],
    ['machine', started?.machine],
    ['startedAt', started?.at],
    ['endedAt', finished?.at],
    ['sealed', true],
    ['subject', eventsOf(journal, 'subject.observed')[0]?.subject],
    ['criteria', judgedCriteria(journal)],
    ['verdict', finished?.verdict],
    ['headline', finished?.headline],
    ['exitCode', finished?.exitCode],
    ['scope', finished?.scope],
    ['counts', finished?.counts],
    ['notApplicable', plan.notApplicable],
  ];
}

function lostEvidence(source: SealedRun, ledger: readonly LedgerEntry[]): Finding[] {
  return ledger.flatMap(({ event }) => {
    if (event.type !== 'evidence.added' || event.source.kind !== 'file') return [];
    const { sha256: digest, name, bytes } = event.source;
    const stored = source.artifact(digest);
    return stored?.length === bytes ? [] : [broken('ARTIFACT_DAMAGED', `The evidence ${name} (${digest}) for ${event.criterion} is missing or was changed.`)];
  });
}
