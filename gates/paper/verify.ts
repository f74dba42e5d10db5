// Do the papers of a run hold — as of the decision, and now? Offline, from its files and the keys that the caller trusts. Called by verify, decide and bundle.
import type { Plan } from '../model/events.ts';
import type { RunReport } from '../model/report.ts';
import { sha256 } from '../digest.ts';
import { whyNotApprovable } from './approvable.ts';
import { type Approvers, type Trusted, trustedApprovers } from './approvers.ts';
import { type CheckedSignatures, checkSignatures } from './check-signatures.ts';
import { type EvidenceChecks, type EvidenceStanding, evidenceStandings } from './evidence.ts';
import { type Examined, examine, isExamined } from './examine.ts';
import { broken, type Finding, note, unmet } from './finding.ts';
import type { Decided } from './ledger-event.ts';
import type { SealedRun } from './sealed-run.ts';
import { type Moment, type Standing, standings } from './standings.ts';

export interface VerifyRequest {
  readonly run: SealedRun;
  /** Undefined: nobody is trusted, so nothing that was signed counts. */
  readonly approvers: Approvers | undefined;
  readonly now: Date;
  readonly evidence: EvidenceChecks;
  /** `naap-gate 0.1.0`: what made a run of the same version is made again and compared. */
  readonly tool: string;
  /** report.json made from the journal again. Asked only when all else about the files holds. */
  readonly render: () => string;
  /** Digest of the plan's policy with this version's checks. */
  readonly policyOf: (plan: Plan) => string;
}

/** What can be said of one moment. */
export interface Answer {
  readonly at: string;
  readonly holds: boolean;
  readonly findings: readonly Finding[];
  readonly standings: readonly Standing[];
  readonly evidence: readonly EvidenceStanding[];
}
export interface Verification {
  readonly place: string;
  /** Undefined where the files do not hold together. */
  readonly report: RunReport | undefined;
  readonly decision: (Decided & { readonly at: string }) | undefined;
  /** Findings about the files; any of them makes both answers no. */
  readonly files: readonly Finding[];
  /** With everything that had been added by then, at its time. Undefined: nothing has been decided. */
  readonly asOfDecision: Answer | undefined;
  readonly now: Answer;
}

export function verify(request: VerifyRequest): Verification {
  const { run, now } = request;
  const examined = examine(run);
  const place = run.place;
  const none = (files: readonly Finding[]): Answer => ({ at: now.toISOString(), holds: false, findings: files, standings: [], evidence: [] });
  if (!isExamined(examined)) return { place, report: undefined, decision: undefined, files: examined, asOfDecision: undefined, now: none(examined) };
  const files = remade(examined, request);
  const trusted = trustedApprovers(request.approvers ?? {});
  const checked = checkSignatures(examined, trusted, now);
  const answer = (moment: Moment): Answer => answerAt(examined, checked, trusted, request, files, moment);
  const decidedAt = examined.ledger.findLastIndex(({ event }) => event.type === 'decision');
  const entry = examined.ledger[decidedAt];
  const decision = entry?.event.type === 'decision' ? { ...entry.event, at: entry.at } : undefined;
  return {
    place,
    report: examined.report,
    decision,
    files,
    asOfDecision: decision === undefined ? undefined : answer({ lines: decidedAt + 1, at: new Date(decision.at) }),
    now: answer({ lines: examined.ledger.length, at: now }),
  };
}

/** The same version must make the same report and the same policy of the same run; another may do it otherwise, and then the recorded verdicts stand. */
function remade({ report, plan, source, digests }: Examined, { tool, render, policyOf }: VerifyRequest): Finding[] {
  const sameReport = sha256(render()) === digests.report;
  const samePolicy = policyOf(plan) === report.digests.policy;
  if (sameReport && samePolicy) return [];
  if (report.machine.tool !== tool)
    return [
      note(
        'REPORT_OF_OTHER_VERSION',
        `The run was made by ${report.machine.tool}; ${tool} would ${sameReport ? 'judge by other checks' : 'write its report otherwise'}. The recorded verdicts stand.`,
      ),
    ];
  return [
    ...(sameReport ? [] : [broken('REPORT_CHANGED', `report.json of ${source.place} is not what its journal gives.`)]),
    ...(samePolicy
      ? []
      : [
          broken(
            'POLICY_CHANGED',
            `The policy of the plan is not the one that the run names (${report.digests.policy}): criteria, limits or checks were changed since.`,
          ),
        ]),
  ];
}

function answerAt(run: Examined, checked: CheckedSignatures, trusted: Trusted, request: VerifyRequest, files: readonly Finding[], moment: Moment): Answer {
  const rows = standings(run, checked.signOffs, trusted, moment);
  const evidence = evidenceStandings(run, request.evidence, moment);
  const isSigned = run.ledger.some(({ event }) => event.type === 'signoff' || (event.type === 'decision' && event.signed !== undefined));
  const signatures =
    request.approvers === undefined && isSigned
      ? [unmet('APPROVERS_MISSING', 'No approvers are given, so no signature can be trusted: keys inside a bundle vouch for themselves only.')]
      : [...checked.problems].filter(([index]) => index < moment.lines).flatMap(([, found]) => found);
  const refusal = whyNotApprovable(run);
  const passed = refusal === undefined ? [] : [unmet('NOT_APPROVABLE', `The run proves no pass: ${refusal}`)];
  const findings = [
    ...files,
    ...passed,
    ...signatures,
    ...rowFindings(signatures.some(({ code }) => code === 'APPROVERS_MISSING') ? [] : rows),
    ...evidenceFindings(evidence),
    ...decisionFindings(run, moment),
    ...uncovered(run, checked, moment),
  ];
  return { at: moment.at.toISOString(), holds: !findings.some(({ level }) => level !== 'note'), findings, standings: rows, evidence };
}

/** One finding for rows of one role that want the same. */
function rowFindings(rows: readonly Standing[]): Finding[] {
  const open = rows.filter(({ state }) => state !== 'met');
  const groups = Map.groupBy(open, ({ required, role, code, text }) => JSON.stringify([required || code === 'REJECTED', role, code, text]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first?.code === undefined) return [];
    const make = group.some(({ required }) => required) ? unmet : note;
    return [make(first.code, `${first.text} (${group.map(({ criterion }) => criterion).join(', ')})`)];
  });
}

/** Who signed knew what was still awaited; what failed is another matter. */
function evidenceFindings(standing: readonly EvidenceStanding[]): Finding[] {
  const failed = standing.flatMap(({ criterion, required, parts }) =>
    parts.filter(({ state }) => state === 'failed').map(({ text }) => (required ? unmet : note)('EVIDENCE_FAILED', `${criterion}: ${text}`)),
  );
  const awaited = standing.filter(({ parts }) => parts.some(({ state }) => state === 'awaited'));
  const signedRuns = awaited.filter(({ required, parts }) => required && parts.some((part) => part.awaited.kind === 'signed-run'));
  const documents = awaited.filter((one) => !signedRuns.includes(one));
  return [
    ...failed,
    ...signedRuns.map(({ criterion, parts }) => unmet('EVIDENCE_AWAITED', `${criterion}: ${parts.map(({ text }) => text).join(' ')}`)),
    ...(documents.length === 0
      ? []
      : [
          note(
            'EVIDENCE_AWAITED',
            `${documents.length} ${documents.length === 1 ? 'row waits' : 'rows wait'} for documents: ${documents.map(({ criterion }) => criterion).join(', ')}.`,
          ),
        ]),
  ];
}

function decisionFindings(run: Examined, { lines, at }: Moment): Finding[] {
  const entry = run.ledger.slice(0, lines).findLast(({ event }) => event.type === 'decision');
  if (entry?.event.type !== 'decision') return [note('NO_DECISION', 'No decision has been recorded.')];
  const { outcome, conditions, by, signed } = entry.event;
  const due = outcome === 'conditional' ? conditions.filter((condition) => condition.due < at.toISOString().slice(0, 10)) : [];
  return [
    ...(outcome === 'no-go' ? [unmet('DECIDED_NO_GO', `The decision of ${entry.at} is no-go.`)] : []),
    ...due.map(({ text, owner, due: day }) =>
      unmet('CONDITION_DUE', `The decision was conditional, and nothing says that this was done by ${day}: ${text} (${owner}). A new decision replaces it.`),
    ),
    ...(signed === undefined
      ? [note('DECISION_UNSIGNED', `The decision carries the name ${by} and no signature: whoever could write to the run could have written it.`)]
      : []),
  ];
}

/** What comes after the last signature is held by nothing but the file it stands in. */
function uncovered(run: Examined, { problems }: CheckedSignatures, { lines }: Moment): Finding[] {
  const ledger = run.ledger.slice(0, lines);
  const last = ledger.findLastIndex(
    ({ event }, index) => !(problems.get(index)?.length ?? 0) && (event.type === 'signoff' || (event.type === 'decision' && event.signed !== undefined)),
  );
  const after = ledger.slice(last + 1).filter(({ event }) => event.type !== 'ledger.opened');
  if (last < 0 || after.length === 0) return [];
  return [
    note(
      'NOT_COVERED',
      `No signature covers the last ${after.length === 1 ? 'line' : `${after.length} lines`} of the ledger: ${after.map(({ event, at }) => `${event.type} (${at})`).join(', ')}.`,
    ),
  ];
}
