// What the documents added to a run prove, rule by rule. Pure but for reading artifacts; called by `evidence add`, verify and settlePending.
import type { Criterion, EvidenceRule } from '../model/criterion.ts';
import type { PlannedCriterion } from '../model/events.ts';
import type { DocumentChecks, EvidenceOutcome } from '../model/evidence.ts';
import type { Examined } from './examine.ts';
import type { EvidenceAdded } from './ledger-event.ts';
import { type Moment, previousGateOf } from './standings.ts';

/** A kind that is missing leaves its rows pending. What throws cannot be read, and is not ok. */
export type EvidenceChecks = Partial<DocumentChecks> & {
  /** The bundle of a gate's signed run, for rows that wait for one. */
  readonly 'signed-run'?: (bytes: Uint8Array, gate: string) => EvidenceOutcome;
};

type DocumentRule = Exclude<EvidenceRule, { kind: 'signed-run' }>;
/** What a row waits for: its rules, or the bundle of a gate's signed run. */
export type Awaited =
  | { readonly kind: 'rule'; readonly rule: DocumentRule }
  | { readonly kind: 'signed-run'; readonly gate: string; readonly describe?: string };

export interface EvidenceStanding {
  readonly criterion: string;
  readonly required: boolean;
  /** One for each thing awaited, in order. */
  readonly parts: readonly {
    readonly awaited: Awaited;
    readonly added: EvidenceAdded | undefined;
    readonly state: 'ok' | 'failed' | 'awaited';
    readonly text: string;
  }[];
}

/** Empty for a row that no document settles. */
export function awaitedOf({ criterion, settled }: PlannedCriterion): readonly Awaited[] {
  return settled?.state === 'pending' ? awaitedBy(criterion) : [];
}

/** What a row waits for by itself, whatever a run makes of it. */
export function awaitedBy({ kind }: Criterion): readonly Awaited[] {
  if ('evidence' in kind)
    return kind.evidence.map((rule) => (rule.kind === 'signed-run' ? { kind: rule.kind, gate: rule.gate, describe: rule.describe } : { kind: 'rule', rule }));
  const gate = 'attested' in kind ? previousGateOf(kind.attested) : undefined;
  return gate === undefined ? [] : [{ kind: 'signed-run', gate }];
}

/** The newest document for each rule counts: a better one replaces one that failed. */
export function evidenceStandings(run: Examined, checks: EvidenceChecks, moment: Moment): EvidenceStanding[] {
  const added = run.ledger.slice(0, moment.lines).flatMap(({ event }) => (event.type === 'evidence.added' ? [event] : []));
  return run.plan.criteria.flatMap((planned) => {
    const awaited = awaitedOf(planned);
    if (awaited.length === 0) return [];
    const { id, required } = planned.criterion;
    const parts = awaited.map((what, index) => {
      const newest = newestOf(
        added.filter(({ criterion, rule }) => criterion === id && rule === index),
        what,
      );
      return { awaited: what, added: newest, ...judgeEvidence(what, newest, checks, (digest) => run.source.artifact(digest)) };
    });
    return [{ criterion: id, required, parts }];
  });
}

/** Where a machine looks, an address shows it nothing, and takes nothing back that a file has shown. */
function newestOf(added: readonly EvidenceAdded[], awaited: Awaited): EvidenceAdded | undefined {
  const isDocument = awaited.kind === 'rule' && awaited.rule.kind === 'document';
  return (isDocument ? undefined : added.findLast(({ source }) => source.kind === 'file')) ?? added.at(-1);
}

export interface Judged {
  readonly state: 'ok' | 'failed' | 'awaited';
  readonly text: string;
  /** It failed because a machine could make nothing of it: no such document, or a damaged one. */
  readonly isUnreadable?: boolean;
}

export function judgeEvidence(
  awaited: Awaited,
  added: EvidenceAdded | undefined,
  checks: EvidenceChecks,
  read: (sha256: string) => Uint8Array | undefined,
): Judged {
  if (added === undefined) return { state: 'awaited', text: `Waits for: ${wordsOf(awaited)}` };
  const { source } = added;
  const isDocument = awaited.kind === 'rule' && awaited.rule.kind === 'document';
  if (source.kind === 'url') return judgeAddress(source.url, source.sha256, isDocument);
  if (isDocument) return { state: 'ok', text: `${source.name} (SHA-256 ${source.sha256}), added by ${added.by}.` };
  const bytes = read(source.sha256);
  const outcome = bytes === undefined ? { ok: false, text: 'The file is missing or was changed.' } : look(awaited, bytes, checks);
  if (outcome === undefined) return { state: 'awaited', text: `${source.name} was added, but this version has no check for ${kindOfAwaited(awaited)} yet.` };
  return {
    state: outcome.ok ? 'ok' : 'failed',
    text: `${source.name}: ${oneLine(outcome.text)}`,
    ...('isUnreadable' in outcome ? { isUnreadable: outcome.isUnreadable } : {}),
  };
}

const LONGEST_TEXT = 2000;
/** What a machine says quotes from the document, and a terminal obeys what stands in there. */
function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return plain.length > LONGEST_TEXT ? `${plain.slice(0, LONGEST_TEXT)}…` : plain;
}

/** A machine must see the bytes; and what may change after it was signed proves nothing. */
function judgeAddress(url: string, digest: string | undefined, isDocument: boolean): Judged {
  if (!isDocument) return { state: 'awaited', text: `${url} was added; a machine checks this row, so the file itself is needed.` };
  if (digest === undefined)
    return { state: 'awaited', text: `${url} was added without a digest, so what stands there may change; add it again with --sha256.` };
  return { state: 'ok', text: `${url} (SHA-256 ${digest}).` };
}

/** A check that throws over a document has not found it right. */
function look(awaited: Awaited, bytes: Uint8Array, checks: EvidenceChecks): (EvidenceOutcome & { readonly isUnreadable?: boolean }) | undefined {
  try {
    return check(awaited, bytes, checks);
  } catch (error) {
    return { ok: false, text: `it cannot be read: ${error instanceof Error ? error.message : String(error)}`, isUnreadable: true };
  }
}

function check(awaited: Awaited, bytes: Uint8Array, checks: EvidenceChecks): EvidenceOutcome | undefined {
  if (awaited.kind === 'signed-run') return checks['signed-run']?.(bytes, awaited.gate);
  const { rule } = awaited;
  if (rule.kind === 'document') return undefined;
  // The compiler cannot see that the check found by a rule's kind takes that rule.
  const byKind = checks[rule.kind] as ((given: Uint8Array, by: DocumentRule) => EvidenceOutcome) | undefined;
  return byKind?.(bytes, rule);
}

export function wordsOf(awaited: Awaited): string {
  if (awaited.kind === 'rule') return awaited.rule.describe;
  return awaited.describe ?? `The bundle of the signed run of ${awaited.gate} (naap-gate bundle RUN -o FILE).`;
}
export function kindOfAwaited(awaited: Awaited): string {
  return awaited.kind === 'rule' ? awaited.rule.kind : awaited.kind;
}
