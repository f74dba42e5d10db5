// report.md, made to be a pull-request comment: headline first, then what to fix and what was measured; all else folded.
import type { CriterionReport, Reporter, RunReport, RunView } from '../gates/model.ts';
import { folded } from './markdown/folded.ts';
import { cell, text, tick } from './markdown/escape.ts';
import { decisionLines } from './markdown/papers.ts';
import type { Folded } from './markdown/table.ts';
import { READING_ORDER } from './charts/tally-bar.ts';
import { settledReport } from './settled.ts';
import {
  NONE,
  STATE_WORDS,
  attemptNumber,
  caseWord,
  cautions,
  changedLimit,
  instant,
  isAttentionNeeded,
  nextStep,
  reasonsOnce,
  resultWords,
  subjectFields,
  tellingResult,
  tookWords,
} from './wording.ts';
import { digits } from './quantity.ts';

/** GitHub refuses comments over 65 536 characters; the rest is left for its own additions. */
const MAX_CHARACTERS = 64_000;
/** Failing cases shown in the open. */
const CASES_SHOWN = 10;
/** Rows to fix, and measured rows, shown in the open: a comment is short. */
const ROWS_SHOWN = 25;
const MEASURED_SHOWN = 40;

function opening({ report: sealed, papers }: RunView, report: RunReport): string[] {
  const subject = subjectFields(report.subject)
    .map(([name, value]) => `${name.toLowerCase()} ${tick(name === 'Commit' ? value.slice(0, 12) : value)}`)
    .join(', ');
  return [
    `## ${STATE_WORDS[report.verdict].toUpperCase()}: ${text(report.headline)}`,
    '',
    `**${text(report.title)}** on ${text(report.environment)} (${tick(report.target)}), profile ${report.profile}, ${report.scope}, ${tookWords(report)}`,
    `${subject}, run ${tick(report.run)}, attempt ${attemptNumber(report)}`,
    '',
    ...(papers === undefined
      ? []
      : [`With everything that people added until ${instant(papers.at)}. At its seal: ${STATE_WORDS[sealed.verdict]}, ${text(sealed.headline)}.`, '']),
    ...decisionLines(papers),
    ...cautions(sealed).flatMap((caution) => [`> ${text(caution)}`, '']),
  ];
}

function fix([criterion, reason]: readonly [CriterionReport, string]): string[] {
  const result = tellingResult(criterion);
  const words = result === undefined ? undefined : resultWords(result);
  const figures =
    words === undefined || result?.n === 0
      ? ''
      : `${[
          words.number === NONE ? `limit ${words.limit}` : `${words.number}, limit ${words.limit}`,
          changedLimit(criterion),
          words.distance,
          words.samples,
          words.interval,
        ]
          .filter((part) => part !== '')
          .map(text)
          .join(', ')}. `;
  const cases = (result?.cases ?? []).filter((entry) => entry.state !== 'ok');
  const items = result?.items ?? [];
  const findings = [
    ...cases.map((entry) => `  - ${caseWord(entry.state)}: ${tick(entry.id)}: ${text(entry.detail)}`),
    ...items.map((item) => `  - ${tick(item.key)}: ${text(item.detail)}`),
  ];
  const hidden = findings.length > CASES_SHOWN ? [`  - and ${digits(findings.length - CASES_SHOWN)} more`] : [];
  const step = nextStep(criterion);
  return [
    `- **${STATE_WORDS[criterion.state].toUpperCase()}** ${text(criterion.text)}${criterion.required ? '' : ' (optional)'}: ${figures}${text(reason)}${step === undefined ? '' : ` Next: ${tick(step)}`}`,
    ...findings.slice(0, CASES_SHOWN),
    ...hidden,
  ];
}

function toFix(report: RunReport): string[] {
  const rows = [...reasonsOnce(READING_ORDER.filter(isAttentionNeeded).flatMap((state) => report.criteria.filter((criterion) => criterion.state === state)))];
  const more = rows.length - ROWS_SHOWN;
  const hidden = more <= 0 ? [] : [`- **and ${digits(more)} more**, in report.html.`];
  return rows.length === 0 ? [] : ['### To fix', '', ...rows.slice(0, ROWS_SHOWN).flatMap(fix), ...hidden, ''];
}

function measuredRow(criterion: CriterionReport): string {
  const result = tellingResult(criterion);
  const words = result === undefined || result.n === 0 ? { number: NONE, limit: NONE, distance: '', samples: '' } : resultWords(result);
  const changed = changedLimit(criterion);
  const limit = changed === '' ? cell(words.limit) : `${cell(words.limit)} (${cell(changed)})`;
  return `| ${STATE_WORDS[criterion.state]} | ${cell(criterion.text)} | ${cell(words.number)} | ${limit} | ${cell(words.distance)} | ${cell(words.samples)} |`;
}

function measured(report: RunReport): string[] {
  const rows = report.criteria.filter(({ kind, state }) => kind === 'measured' && state !== 'deferred' && state !== 'not-applicable');
  if (rows.length === 0)
    return [report.criteria.some(({ kind }) => kind === 'measured') ? 'Nothing was measured.' : 'This gate has no row that is measured.', ''];
  const more = rows.length - MEASURED_SHOWN;
  return [
    '### Measured',
    '',
    '| verdict | criterion | number | limit | distance | samples |',
    '|---|---|--:|--:|--:|--:|',
    ...rows.slice(0, MEASURED_SHOWN).map(measuredRow),
    '',
    ...(more <= 0 ? [] : [`And ${digits(more)} more rows, in report.html.`, '']),
  ];
}

/** Folded parts are added while they fit a comment; those that do not are named, so that nothing is lost in silence. */
function withFolded(open: string, parts: readonly Folded[]): string {
  const left: string[] = [];
  let all = open;
  for (const { title, body } of parts) {
    const part = ['<details>', `<summary>${text(title)}</summary>`, '', ...body, '', '</details>', '', ''].join('\n');
    if (all.length + part.length <= MAX_CHARACTERS) all += part;
    else left.push(title);
  }
  return left.length === 0 ? all : `${all}Too long for a comment, in report.html: ${left.map(text).join(', ')}.\n`;
}

/** The open part has a bound of its own: a gate with thousands of rows must not make a comment that is refused. */
function bounded(open: string): string {
  return open.length <= MAX_CHARACTERS
    ? open
    : `${open.slice(0, open.lastIndexOf('\n', MAX_CHARACTERS))}\n\nCut here: too long for a comment. The rest is in report.html.\n\n`;
}

export const markdown: Reporter = {
  format: 'md',
  file: 'report.md',
  render: (view) => {
    const report = settledReport(view);
    const open = bounded([...opening(view, report), ...toFix(report), ...measured(report), ''].join('\n'));
    return `${withFolded(open, folded(view, report)).trimEnd()}\n`;
  },
};
