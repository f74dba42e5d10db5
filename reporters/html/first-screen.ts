// The first screen of the HTML report: verdict and headline, what was judged, how many tries, what to fix. Read in a meeting before anything else.
import type { RunPapers, RunReport, RunView, State } from '../../gates/model.ts';
import { READING_ORDER, tallyBar } from '../charts/tally-bar.ts';
import { isComparison } from '../comparisons.ts';
import { h } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { STATE_WORDS, cautions, instant, isAttentionNeeded, reasonsOnce, resultWords, rowName, subjectFields, tellingResult, tookWords } from '../wording.ts';
import { decisionBox } from './papers.ts';
import { anchor, badge, code, facts, section } from './parts.ts';

/** `report`: with what people have settled since the seal. */
export function firstScreen({ report: sealed, papers }: RunView, report: RunReport): Markup {
  return h(
    'header',
    { class: 'top' },
    h('p', { class: 'overline' }, 'Gate report', h('span', null, report.environment), h('span', null, `profile ${report.profile}`)),
    h('h1', null, report.title),
    h('div', { class: `verdict s-${report.verdict}` }, h('p', { class: 'word' }, STATE_WORDS[report.verdict]), h('p', { class: 'headline' }, report.headline)),
    ...(papers === undefined ? [] : [sinceSeal(sealed, papers), decisionBox(papers)]),
    ...cautions(sealed).map((text) => h('p', { class: 'caution' }, oneLine(text))),
    h('div', { class: 'split' }, h('div', null, tally(report), attempts(sealed)), subject(sealed)),
    contents(report, papers),
  );
}

/** The banner is as of the papers; what the run itself said stands below it. */
function sinceSeal(sealed: RunReport, papers: RunPapers): Markup {
  return h(
    'p',
    { class: 'since' },
    `With everything that people added until ${instant(papers.at)}. At its seal the run was: `,
    badge(sealed.verdict),
    ` ${oneLine(sealed.headline)}.`,
  );
}

/** Where to find what; a report of a large gate is long. Hidden on paper. */
function contents(report: RunReport, papers: RunPapers | undefined): Markup {
  const entries: readonly (readonly [isThere: boolean, id: string, name: string])[] = [
    [true, 'read-aloud', 'To read aloud'],
    [report.criteria.some(({ state }) => isAttentionNeeded(state)), 'to-fix', 'To fix'],
    [true, 'criteria', 'Checklist'],
    [report.criteria.some(({ results }) => results.some(isComparison)), 'compared', 'Compared'],
    [report.pending.length > 0, 'pending', 'Waiting'],
    [(papers?.evidence ?? []).some(({ source }) => source !== undefined), 'evidence', 'Documents'],
    [(papers?.signatures.length ?? 0) > 0, 'signatures', 'Signatures'],
    [report.waivers.length > 0, 'waivers', 'Waivers'],
    [true, 'risks', 'Risks'],
    [report.instruments.length > 0, 'instruments', 'Instruments'],
    [true, 'verify', 'How to verify'],
  ];
  const links = entries.filter(([isThere]) => isThere).map(([, id, name]) => h('li', null, h('a', { href: `#${id}` }, name)));
  return h('nav', { class: 'contents', 'aria-label': 'Sections' }, h('ul', null, ...links));
}

function tally(report: RunReport): Markup {
  const present = READING_ORDER.filter((state) => report.counts[state] > 0);
  const entry = (state: State): Markup => h('li', { class: `s-${state}` }, h('b', null, report.counts[state]), ` ${STATE_WORDS[state]}`);
  return h(
    'div',
    { class: 'tallies' },
    h('h2', null, report.criteria.length === 1 ? '1 criterion' : `${report.criteria.length} criteria`),
    tallyBar(report.counts),
    h('ul', { class: 'legend' }, ...present.map(entry)),
  );
}

function subject(report: RunReport): Markup {
  return h(
    'div',
    { class: 'subject' },
    h('h2', null, 'What was judged'),
    facts([
      ['Target', oneLine(report.target)],
      ...subjectFields(report.subject).map(([name, value]) => [name, code(value)] as const),
      ['Run', code(report.run)],
      ['Started', `${instant(report.startedAt)}, took ${tookWords(report)}`],
      ['Scope', report.scope],
      [
        'Exit code',
        `${report.exitCode}${report.enforcedExitCode === undefined ? '' : `, would be ${report.enforcedExitCode} if the gate blocked (report mode)`}`,
      ],
    ]),
  );
}

/** Every try at this subject, the red and the unfinished too; this run stands last. */
function attempts(report: RunReport): Markup {
  const { run, startedAt, verdict, exitCode, sealed, headline } = report;
  const all = [...report.attempts.filter((attempt) => attempt.run !== run), { run, startedAt, verdict, exitCode, sealed, reason: headline }];
  const rows = all.map((attempt) =>
    h(
      'li',
      { class: attempt.run === report.run ? 'this' : undefined },
      h('time', { datetime: attempt.startedAt }, instant(attempt.startedAt)),
      attempt.verdict === null ? h('span', { class: 'badge s-deferred' }, 'no verdict') : badge(attempt.verdict),
      h('span', { class: 'why' }, oneLine(attempt.reason), !attempt.sealed && ' (not sealed)', attempt.run === report.run && h('b', null, ' · this run')),
    ),
  );
  const words = all.length === 1 ? 'First attempt on this subject' : `${all.length} attempts on this subject`;
  return h('div', { class: 'attempts' }, h('h2', null, words), h('ol', null, ...rows));
}

/** Rows that need work, worst first, each leading to its place in the checklist; false where there is none. */
export function toFix(report: RunReport): Markup | false {
  const rows = READING_ORDER.filter(isAttentionNeeded).flatMap((state) => report.criteria.filter((criterion) => criterion.state === state));
  if (rows.length === 0) return false;
  return section(
    'to-fix',
    `To fix (${rows.length})`,
    h(
      'ul',
      { class: 'fixes' },
      ...[...reasonsOnce(rows)].map(([criterion, reason]) => {
        const result = tellingResult(criterion);
        const words = result === undefined ? undefined : resultWords(result);
        const number = words !== undefined && result?.value !== undefined ? `${words.number}, limit ${words.limit}. ` : '';
        return h(
          'li',
          null,
          badge(criterion.state),
          h(
            'div',
            null,
            h('a', { href: `#${anchor(criterion.id)}` }, oneLine(criterion.text)),
            h('span', { class: 'name' }, ` ${rowName(criterion)}`),
            !criterion.required && ' (optional)',
            h('p', null, number, reason),
          ),
        );
      }),
    ),
  );
}
