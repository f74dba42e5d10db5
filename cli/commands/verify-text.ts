// A verification in words: both answers, everything that speaks against them, what to know besides. Called by `verify`.
import type { Finding } from '../../gates/paper/finding.ts';
import type { Answer, Verification } from '../../gates/paper/verify.ts';

const MARKS: Readonly<Record<Finding['level'], string>> = { broken: 'BROKEN', unmet: 'UNMET', note: 'note' };

export function verificationText(verification: Verification, asked: 'decision' | 'now'): string {
  const { report, decision, asOfDecision, now } = verification;
  const subject =
    report === undefined
      ? []
      : [
          `  ${report.gate} on ${report.environment}, commit ${report.subject.commit ?? 'unknown'}, deployment ${report.subject.deploymentId ?? 'unknown'}`,
          `  ${report.headline}`,
        ];
  const decided = decision === undefined ? 'nothing has been decided' : `"${decision.outcome}" on ${decision.at}, by ${decision.by}`;
  return [
    verification.place,
    ...subject,
    '',
    ...(asOfDecision === undefined
      ? [`As of the decision: ${decided}.${asked === 'decision' ? ' So there is nothing that could hold.' : ''}`]
      : answerLines(`As of the decision (${decided})`, asOfDecision)),
    '',
    ...answerLines(`Now (${now.at})`, now),
    '',
  ].join('\n');
}

export function damagedText(place: string, findings: readonly Finding[]): string {
  return `${place}\n\nDoes not hold, at no time.\n${findingLines(findings).join('\n')}\n`;
}

function answerLines(when: string, { holds, findings, standings, evidence }: Answer): string[] {
  const signed = standings.filter(({ state }) => state === 'met').map(({ criterion, text }) => `  ok      ${criterion}: ${text}`);
  const documents = evidence.flatMap(({ criterion, parts }) =>
    parts.filter(({ state }) => state === 'ok').map(({ text }) => `  ok      ${criterion}: ${text}`),
  );
  return [`${when}: ${holds ? 'HOLDS' : 'DOES NOT HOLD'}`, ...signed, ...documents, ...findingLines(findings)];
}

function findingLines(findings: readonly Finding[]): string[] {
  return findings.map(({ level, code, text }) => `  ${MARKS[level].padEnd(6)}  ${code}  ${text}`);
}
