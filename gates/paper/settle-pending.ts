// Turns rows that waited for people into what the ledger says of them (DESIGN §2: failing evidence and a rejecting sign-off are `fail`). Pure; for views of a run with its papers.
import type { CriterionReport, Reason } from '../model/report.ts';
import type { State } from '../model/verdicts.ts';
import type { EvidenceStanding } from './evidence.ts';
import type { Standing } from './standings.ts';

/** Rows that nothing was added for stay as they are, and so does every row that did not wait. */
export function settlePending(criteria: readonly CriterionReport[], standings: readonly Standing[], evidence: readonly EvidenceStanding[]): CriterionReport[] {
  const settled = new Map<string, { state: State; reason: Reason }>([
    ...standings.map((standing) => [standing.criterion, signed(standing)] as const),
    ...evidence.map((standing) => [standing.criterion, documented(standing)] as const),
  ]);
  return criteria.map((criterion) => (criterion.state === 'pending' ? { ...criterion, ...settled.get(criterion.id) } : criterion));
}

function signed({ state, text }: Standing): { state: State; reason: Reason } {
  switch (state) {
    case 'met':
      return { state: 'pass', reason: { code: 'SIGNED', text } };
    case 'rejected':
      return { state: 'fail', reason: { code: 'REJECTED', text } };
    case 'unmet':
      return { state: 'pending', reason: { code: 'AWAITS_SIGNATURE', text } };
    default:
      return state satisfies never;
  }
}

/** All its rules must hold; one that failed decides, whatever is still awaited. */
function documented({ parts }: EvidenceStanding): { state: State; reason: Reason } {
  const words = (state: 'ok' | 'failed' | 'awaited'): string =>
    parts
      .filter((part) => part.state === state)
      .map(({ text }) => text)
      .join(' ');
  if (parts.some(({ state }) => state === 'failed')) return { state: 'fail', reason: { code: 'EVIDENCE_FAILED', text: words('failed') } };
  if (parts.length === 0 || parts.some(({ state }) => state === 'awaited'))
    return { state: 'pending', reason: { code: 'AWAITS_EVIDENCE', text: words('awaited') } };
  return { state: 'pass', reason: { code: 'EVIDENCE_ACCEPTED', text: words('ok') } };
}
