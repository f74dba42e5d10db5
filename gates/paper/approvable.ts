// What may be signed at all, and how a signature names it (DESIGN §2, §4). Called by signoff, decide and verify.
import { gateVerdict, isVerdict } from '../lattice.ts';
import type { Examined } from './examine.ts';
import type { SignedRun } from './statement.ts';

export function signedRun({ report, digests }: Examined): SignedRun {
  const { run, gate, environment, subject, verdict, headline, scope } = report;
  return {
    id: run,
    gate,
    environment,
    subject,
    verdict,
    headline,
    scope,
    digests: { seal: digests.seal, plan: digests.plan, policy: report.digests.policy, config: report.digests.config },
  };
}

/** A partial run proves a part; nobody can sign for it, whichever way. Undefined: it may be signed. */
export function whyNotSignable({ report }: Pick<Examined, 'report'>): string | undefined {
  if (report.scope === 'complete') return undefined;
  const deferred = report.criteria.filter(({ state }) => state === 'deferred');
  return `${deferred.length} of its rows were left out (${deferred
    .slice(0, 3)
    .map(({ id }) => id)
    .join(', ')}${deferred.length > 3 ? ', …' : ''}), so it proves a part only.`;
}

/**
 * An approval needs measured rows that pass, with warnings and waivers at most. A gate that has only rows for people has nothing that could fail.
 * Undefined: it may be approved.
 */
export function whyNotApprovable(run: Examined): string | undefined {
  const part = whyNotSignable(run);
  if (part !== undefined) return part;
  const judged = run.report.criteria.filter(({ state }) => isVerdict(state));
  if (judged.length === 0 && run.report.criteria.every(({ kind }) => kind !== 'measured')) return undefined;
  const verdict = gateVerdict(run.report.criteria);
  if (verdict === 'pass' || verdict === 'waived' || verdict === 'warn') return undefined;
  const bad = judged.filter(({ state, required }) => required && state === verdict);
  return `its verdict is ${verdict}: ${run.report.headline} (${bad
    .slice(0, 3)
    .map(({ id }) => id)
    .join(', ')}${bad.length > 3 ? ', …' : ''}).`;
}
