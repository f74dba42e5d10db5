// The checklist itself in the gate's order: one table a section, one row a criterion, the evidence below its row.
import type { CriterionReport, CriterionResult, RunView } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Child, Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { NONE, bySection, changedLimit, resultWords, tellingResult } from '../wording.ts';
import { anchor, badge, code, section } from './parts.ts';
import { evidence } from './evidence.ts';

export function criteria(view: RunView): Markup {
  const all = [...bySection(view.report.criteria)];
  const headed = all.findIndex(([, rows]) => rows.some(hasFigures));
  const sections = all.map(([name, rows], index) =>
    h('section', { class: 'rows', 'aria-label': oneLine(name) }, h('h3', null, oneLine(name)), sectionTable(view, name, rows, index === headed)),
  );
  return section(
    'criteria',
    'The checklist',
    ...(sections.length > 0 ? sections : [h('p', null, 'This gate has no criteria, so there is nothing to show and nothing was proved.')]),
  );
}

const hasFigures = (criterion: CriterionReport): boolean => (tellingResult(criterion)?.n ?? 0) > 0;

/** All sections share their columns, so only the first that has figures shows the headings; the others have them for screen readers. */
function sectionTable(view: RunView, name: string, rows: readonly CriterionReport[], isHeaded: boolean): Markup {
  const columns: readonly (readonly [string, string | undefined])[] = [
    ['State', undefined],
    ['Criterion', undefined],
    ['Number', 'figure'],
    ['Limit', 'figure'],
    ['Distance', 'figure'],
    ['Samples', 'figure'],
  ];
  return h(
    'table',
    { class: 'checklist' },
    h('caption', { class: 'unseen' }, `${oneLine(name)}: state, number, limit, distance and samples of each criterion`),
    h('colgroup', null, ...columns.map(([column]) => h('col', { class: `col-${column.toLowerCase()}` }))),
    h('thead', { class: isHeaded ? undefined : 'unseen' }, h('tr', null, ...columns.map(([column, kind]) => h('th', { scope: 'col', class: kind }, column)))),
    h('tbody', null, ...rows.flatMap((criterion) => row(view, criterion))),
  );
}

/** The whole digest stands in the list of documents. */
const shortDigests = (text: string): string => text.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/gu, '$1…');

function row(view: RunView, criterion: CriterionReport): Child[] {
  const result = tellingResult(criterion);
  const more = evidence(view, criterion);
  return [
    h(
      'tr',
      { id: anchor(criterion.id), class: `s-${criterion.state} ${more === false ? 'alone' : 'followed'}` },
      h('td', { class: 'state' }, badge(criterion.state)),
      h(
        'th',
        { scope: 'row' },
        oneLine(criterion.text),
        !criterion.required && h('span', { class: 'optional' }, ' optional'),
        h('span', { class: 'id' }, code(oneLine(criterion.id)), ' · ', oneLine(criterion.source)),
      ),
      ...(result === undefined || result.n === 0
        ? [h('td', { class: 'reason', colspan: 4 }, shortDigests(oneLine(criterion.reason.text)))]
        : figures(criterion, result)),
    ),
    more !== false && h('tr', { class: `more s-${criterion.state}` }, h('td', { class: 'gap' }), h('td', { colspan: 5 }, more)),
  ];
}

/** The label is hidden where the column's heading is in sight; on a phone it stands before its figure. */
function figure(label: string, text: string, ...more: readonly Child[]): Markup {
  return h('td', { class: 'figure' }, h('span', { class: 'label' }, label), text === '' ? NONE : text, ...more);
}

function figures(criterion: CriterionReport, result: CriterionResult): Markup[] {
  const words = resultWords(result);
  const changed = changedLimit(criterion);
  return [
    h(
      'td',
      { class: 'figure number' },
      h('span', { class: 'label' }, result.statistic ?? 'number'),
      words.number,
      result.statistic !== undefined && h('span', { class: 'statistic' }, ` ${result.statistic}`),
    ),
    figure('limit', words.limit, changed !== '' && h('span', { class: 'changed' }, changed)),
    figure('distance', words.distance),
    figure('from', words.samples),
  ];
}
