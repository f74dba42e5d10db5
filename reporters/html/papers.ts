// What people added after the seal: the decision, signatures, documents, notes, and what verification finds. Empty in a report made at the seal.
import type { PaperDecision, PaperSignature, RunPapers, RunReport } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Child, Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { counted, quantity } from '../quantity.ts';
import { NONE, instant } from '../wording.ts';
import { code, link, section, table } from './parts.ts';

const OUTCOME_WORDS = { go: 'go', conditional: 'go under conditions', 'no-go': 'no-go' } as const;

/** On the first screen: what was decided, and whether it still stands. */
export function decisionBox(papers: RunPapers | undefined): Markup | false {
  const decision = papers?.decision;
  if (papers === undefined || decision === undefined) return false;
  const state = { go: 'pass', conditional: 'warn', 'no-go': 'fail' }[decision.outcome];
  return h(
    'div',
    { class: `decision s-${state}` },
    h('p', null, h('b', null, `Decided: ${OUTCOME_WORDS[decision.outcome]}`), ` on ${instant(decision.at)} by ${whoDecided(decision)}.`),
    decision.conditions.length > 0 &&
      h(
        'ul',
        null,
        ...decision.conditions.map(({ text, owner, due }) => h('li', null, oneLine(text), h('span', { class: 'quiet' }, ` ${oneLine(owner)}, by ${due}`))),
      ),
    h(
      'p',
      { class: 'quiet' },
      papers.holds ? `It verifies as of ${instant(papers.at)}.` : `It does not verify as of ${instant(papers.at)}: see the findings below.`,
    ),
  );
}

function whoDecided({ by, signedAs }: PaperDecision): string {
  return `${oneLine(by)}, ${signedAs === undefined ? 'without a signature' : `signed as ${oneLine(signedAs)}`}`;
}

/** Moments within a text, for people. */
function readable(text: string): string {
  return oneLine(text).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/gu, instant);
}

const LEVELS = { broken: ['fail', 'broken'], unmet: ['warn', 'unmet'], note: ['deferred', 'note'] } as const;

/** Everything that verification says, worst first; what only says that papers are still awaited stands in the list of who is waited for. */
export function findings(papers: RunPapers | undefined): Markup | false {
  if (papers === undefined || papers.findings.length === 0) return false;
  const order = ['broken', 'unmet', 'note'] as const;
  const sorted = order.flatMap((level) => papers.findings.filter((finding) => finding.level === level));
  return section(
    'findings',
    papers.holds ? 'The papers hold' : 'The papers do not hold yet',
    h(
      'p',
      { class: 'lead' },
      `What naap-gate verify says as of ${instant(papers.at)}. Broken: changed or forged. Unmet: true, and not enough. A note decides nothing.`,
    ),
    h(
      'ul',
      { class: 'verified' },
      ...sorted.map(({ level, code: name, text }) =>
        h(
          'li',
          null,
          h('span', { class: `badge s-${LEVELS[level][0]}` }, LEVELS[level][1]),
          h('p', null, readable(text), ' ', h('span', { class: 'name' }, name)),
        ),
      ),
    ),
  );
}

export function signatures(report: RunReport, papers: RunPapers | undefined): Markup | false {
  if (papers === undefined || papers.signatures.length === 0) return false;
  const rows = papers.signatures.map((one): Child[] => [
    oneLine(one.role),
    h('span', { class: `badge s-${signatureState(one)}` }, one.decision === 'approve' ? 'approved' : 'rejected'),
    [oneLine(one.by), one.by === one.keyId ? '' : h('span', { class: 'id' }, code(oneLine(one.keyId)))],
    instant(one.at),
    one.expiresAt === null ? 'never' : one.expiresAt.slice(0, 10),
    [readable(one.effect), one.reason !== undefined && h('p', null, `“${oneLine(one.reason)}”`), rowsSigned(report, one.criteria)],
  ]);
  return section(
    'signatures',
    counted(rows.length, 'signature'),
    table(
      'Signatures with key, time, expiry and effect',
      [
        { name: 'Role' },
        { name: 'Said' },
        { name: 'Who, with which key' },
        { name: 'When', kind: 'when' },
        { name: 'Expires', kind: 'when' },
        { name: 'Effect and rows', kind: 'wide' },
      ],
      rows,
    ),
  );
}

function signatureState({ decision, effect }: PaperSignature): 'pass' | 'fail' | 'deferred' {
  if (effect !== 'counts') return 'deferred';
  return decision === 'approve' ? 'pass' : 'fail';
}

function rowsSigned(report: RunReport, criteria: readonly string[]): Markup {
  return h('ul', { class: 'plain' }, ...criteria.map((id) => h('li', null, link(report, id))));
}

export function documents(report: RunReport, papers: RunPapers | undefined): Markup | false {
  const given = (papers?.evidence ?? []).filter(({ source }) => source !== undefined);
  if (given.length === 0) return false;
  const words = { ok: ['pass', 'accepted'], failed: ['fail', 'failed'], awaited: ['pending', 'not yet'] } as const;
  const rows = given.map(({ criterion, describe, state, text, source, by, at }): Child[] => [
    [link(report, criterion), h('span', { class: 'id' }, oneLine(describe))],
    h('span', { class: `badge s-${words[state][0]}` }, words[state][1]),
    [
      oneLine(source?.name ?? ''),
      h('span', { class: 'id' }, source?.sha256 === undefined ? 'no digest' : code(source.sha256)),
      state !== 'ok' && h('p', null, oneLine(text)),
    ],
    source?.bytes === undefined ? NONE : quantity(source.bytes, 'bytes'),
    oneLine(by ?? NONE),
    at === undefined ? NONE : instant(at),
  ]);
  return section(
    'evidence',
    counted(rows.length, 'document'),
    table(
      'Documents with their digests',
      [
        { name: 'For' },
        { name: 'State' },
        { name: 'Document and SHA-256', kind: 'wide' },
        { name: 'Size', kind: 'figure' },
        { name: 'Added by' },
        { name: 'When', kind: 'when' },
      ],
      rows,
    ),
  );
}

export function notes(papers: RunPapers | undefined): Markup | false {
  if (papers === undefined || papers.notes.length === 0) return false;
  return section(
    'notes',
    'For the record',
    h(
      'ul',
      { class: 'notes' },
      ...papers.notes.map(({ text, by, at }) => h('li', null, h('p', null, oneLine(text)), h('p', { class: 'quiet' }, `${oneLine(by)}, ${instant(at)}`))),
    ),
  );
}
