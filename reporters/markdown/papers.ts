// The parts of report.md that come from people: the decision in the open; signatures, documents, findings and notes folded.
import type { RunPapers } from '../../gates/model.ts';
import { counted, quantity } from '../quantity.ts';
import { NONE, instant } from '../wording.ts';
import { cell, text, tick } from './escape.ts';
import { type Folded, table } from './table.ts';

const OUTCOMES = { go: 'GO', conditional: 'GO UNDER CONDITIONS', 'no-go': 'NO-GO' } as const;

/** Empty where nothing was decided. */
export function decisionLines(papers: RunPapers | undefined): string[] {
  if (papers?.decision === undefined) return [];
  const { outcome, by, at, signedAs, conditions } = papers.decision;
  const who = `${text(by)}${signedAs === undefined ? ', without a signature' : `, signed as ${text(signedAs)}`}`;
  const holds = papers.holds ? 'It verifies' : 'It does **not** verify';
  return [
    `**Decided: ${OUTCOMES[outcome]}** on ${instant(at)} by ${who}. ${holds} as of ${instant(papers.at)}.`,
    ...conditions.map((condition) => `- ${text(condition.text)} (${text(condition.owner)}, by ${condition.due})`),
    '',
  ];
}

export function paperParts(papers: RunPapers | undefined): readonly (readonly [isThere: boolean, part: Folded])[] {
  if (papers === undefined) return [];
  return [
    [papers.findings.length > 0, findings(papers)],
    [papers.signatures.length > 0, signatures(papers)],
    [papers.evidence.some(({ source }) => source !== undefined), documents(papers)],
    [papers.notes.length > 0, { title: 'For the record', body: papers.notes.map((note) => `- ${text(note.text)} (${text(note.by)}, ${instant(note.at)})`) }],
  ];
}

function findings({ findings: all, holds, at }: RunPapers): Folded {
  const rows = all.map(({ level, code, text: words }) => [level, cell(words), tick(code)]);
  return { title: `The papers ${holds ? 'hold' : 'do not hold'} as of ${instant(at)}`, body: table(['level', 'what', 'code'], rows) };
}

function signatures({ signatures: all }: RunPapers): Folded {
  const rows = all.map(({ role, decision, by, keyId, at, expiresAt, effect, reason }) => [
    cell(role),
    decision === 'approve' ? 'approved' : 'rejected',
    `${cell(by)}${by === keyId ? '' : ` ${tick(keyId)}`}`,
    instant(at),
    expiresAt === null ? 'never' : expiresAt.slice(0, 10),
    cell([effect, reason].filter((part) => part !== undefined).join(': ')),
  ]);
  return { title: counted(rows.length, 'signature'), body: table(['role', 'said', 'who', 'when', 'expires', 'effect'], rows) };
}

function documents({ evidence }: RunPapers): Folded {
  const rows = evidence
    .filter(({ source }) => source !== undefined)
    .map(({ criterion, state, source, by, at, text: words }) => [
      tick(criterion),
      { ok: 'accepted', failed: 'failed', awaited: 'not yet' }[state],
      cell(source?.name ?? ''),
      source?.bytes === undefined ? NONE : quantity(source.bytes, 'bytes'),
      source?.sha256 === undefined ? 'no digest' : tick(source.sha256),
      cell(by ?? ''),
      at === undefined ? NONE : instant(at),
      state === 'ok' ? NONE : cell(words),
    ]);
  return { title: counted(rows.length, 'document'), body: table(['for', 'state', 'document', 'size', 'SHA-256', 'added by', 'when', 'why'], rows) };
}
