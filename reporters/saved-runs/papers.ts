// The passing run after the meeting: signed, documented, one row rejected or still waiting, decided. For the tests of reports with papers.
import { gateVerdict } from '../../gates/lattice.ts';
import type { CriterionReport, PaperSignature, Reason, RunPapers, State } from '../../gates/model.ts';
import { papersHeadline } from '../../gates/paper/papers-view.ts';

const KEY = (letter: string): string => `SHA256:${letter.repeat(6)}7exqJCgTs4m6v3jV6kPB8gvD7hLu8DgDqgjqQ`;
const SHA = '8f64d655be2315181373032ac4e626b7f9e5bbf475c71813f521f3c9e2bcffd0';

const signature = (role: string, by: string, criteria: readonly string[], more: Partial<PaperSignature> = {}): PaperSignature => ({
  role,
  criteria,
  decision: 'approve',
  by,
  keyId: KEY(by.charAt(0)),
  at: '2026-11-24T09:12:00.000Z',
  expiresAt: '2026-12-24T09:12:00.000Z',
  effect: 'counts',
  ...more,
});

type Settled = Readonly<Record<string, readonly [State, Reason['code'], string]>>;

const SETTLED: Settled = {
  'phase3.documentation.openapi': ['pass', 'EVIDENCE_ACCEPTED', `openapi.json (SHA-256 ${SHA}), added by ben.`],
  'phase3.documentation.error-codes': ['pass', 'EVIDENCE_ACCEPTED', `errors.md (SHA-256 ${SHA}), added by ben.`],
  'phase3.documentation.rate-limits': [
    'pending',
    'AWAITS_EVIDENCE',
    'https://naap.dev/limits was added without a digest, so what stands there may change; add it again with --sha256.',
  ],
  'phase3.review.api-design': ['pass', 'SIGNED', 'Signed by ben on 2026-11-24, until 2026-12-24.'],
  'phase3.sign-off.backend-lead': ['pass', 'SIGNED', 'Signed by ben on 2026-11-24, until 2026-12-24.'],
  'phase3.review.security': ['pending', 'AWAITS_SIGNATURE', '1 of 2 signatures of the Security Lead.'],
  'phase3.sign-off.security-lead': ['pending', 'AWAITS_SIGNATURE', '1 of 2 signatures of the Security Lead.'],
};

/** What became of the rows of a sealed run. */
export function papersOn(sealed: readonly CriterionReport[], over: Partial<RunPapers> = {}): RunPapers {
  const criteria = sealed.map((criterion) => {
    const [state, code, text] = SETTLED[criterion.id] ?? [];
    return state === undefined || code === undefined || text === undefined ? criterion : { ...criterion, state, reason: { code, text } };
  });
  return {
    at: '2026-11-24T10:00:00.000Z',
    holds: false,
    findings: [
      { level: 'unmet', code: 'THRESHOLD_NOT_MET', text: '1 of 2 signatures of the Security Lead. (phase3.review.security, phase3.sign-off.security-lead)' },
      { level: 'note', code: 'EVIDENCE_AWAITED', text: '1 row waits for documents: phase3.documentation.rate-limits.' },
    ],
    criteria,
    verdict: gateVerdict(criteria),
    headline: papersHeadline(sealed, criteria),
    signatures: [
      signature('Backend Lead', 'ben', ['phase3.review.api-design', 'phase3.sign-off.backend-lead']),
      signature('Security Lead', 'alice', ['phase3.review.security'], {
        decision: 'reject',
        reason: 'The threat model is of last year.',
        at: '2026-11-24T08:40:00.000Z',
        effect: 'replaced by what the same person signed on 2026-11-24',
      }),
      signature('Security Lead', 'alice', ['phase3.review.security', 'phase3.sign-off.security-lead']),
      signature('Engineering Lead', 'erin', ['phase3.review.performance'], {
        effect: 'erin signed before evidence for phase3.documentation.openapi was added (2026-11-24T09:40:00.000Z).',
        expiresAt: null,
      }),
    ],
    evidence: [
      {
        criterion: 'phase3.documentation.openapi',
        describe: 'The OpenAPI file of the API as deployed.',
        state: 'ok',
        text: 'openapi.json: 148 routes described.',
        source: { name: 'openapi.json', sha256: SHA, bytes: 184_320 },
        by: 'ben',
        at: '2026-11-24T09:40:00.000Z',
      },
      {
        criterion: 'phase3.documentation.error-codes',
        describe: 'Every error code, with its meaning.',
        state: 'ok',
        text: `errors.md (SHA-256 ${SHA}), added by ben.`,
        source: { name: 'errors.md', sha256: SHA, bytes: 4211 },
        by: 'ben',
        at: '2026-11-24T09:41:00.000Z',
      },
      {
        criterion: 'phase3.documentation.rate-limits',
        describe: 'The rate limit of each route.',
        state: 'awaited',
        text: 'https://naap.dev/limits was added without a digest, so what stands there may change; add it again with --sha256.',
        source: { name: 'https://naap.dev/limits' },
        by: 'ben',
        at: '2026-11-24T09:42:00.000Z',
      },
    ],
    waiting: criteria
      .filter(({ state }) => state === 'pending')
      .map(({ id, kind, reason }) => {
        const role = /signatures? of the (.+?)\.$/u.exec(reason.text)?.[1];
        return { criterion: id, ...(kind === 'attested' && role !== undefined ? { role } : {}), text: reason.text };
      }),
    approvers: [
      { role: 'Backend Lead', people: ['ben'], min: 1 },
      { role: 'Security Lead', people: ['alice', 'bob', 'chris'], min: 2 },
    ],
    decision: {
      outcome: 'conditional',
      conditions: [
        { text: 'The second signature of the Security Lead', owner: 'Security Lead', due: '2026-11-27' },
        { text: 'Rate limits documented where they cannot change unseen', owner: 'Backend Lead', due: '2026-12-01' },
      ],
      by: 'erin',
      at: '2026-11-24T09:55:00.000Z',
      signedAs: 'Engineering Lead',
    },
    notes: [{ text: 'The meeting took place without the Security Lead’s deputy.', by: 'erin', at: '2026-11-24T09:58:00.000Z' }],
    ...over,
  };
}
