// The lists around the checklist: declared not applicable, waiting for people, left out of this run, waivers.
import type { RunPapers, RunReport, Unit } from '../../gates/model.ts';
import { limitsChanged } from '../changed-limits.ts';
import { h } from '../markup.ts';
import type { Child, Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { quantity } from '../quantity.ts';
import { deferredGroups, pendingGroups } from '../wording.ts';
import type { Group } from '../wording.ts';
import { link, section, table } from './parts.ts';

/** Stands before the checklist: what is declared away must be seen first. False where nothing is. */
export function notApplicable(report: RunReport): Markup | false {
  if (report.notApplicable.length === 0) return false;
  const rows = report.notApplicable.map((entry): Child[] => [link(report, entry.criterion), oneLine(entry.reason), oneLine(entry.owner), entry.until]);
  return section(
    'not-applicable',
    `Declared not applicable (${rows.length})`,
    h('p', { class: 'lead' }, 'Approvers sign this list together with the results.'),
    table(
      'Criteria declared not applicable',
      [{ name: 'Criterion' }, { name: 'Reason', kind: 'wide' }, { name: 'Owner' }, { name: 'Until', kind: 'when' }],
      rows,
    ),
  );
}

function grouped(report: RunReport, caption: string, heading: string, groups: readonly Group[]): Markup {
  const rows = groups.map((group): Child[] => [
    oneLine(group.what),
    h('ul', { class: 'plain' }, ...group.criteria.map((id) => h('li', null, link(report, id)))),
  ]);
  return table(caption, [{ name: heading }, { name: 'Criteria', kind: 'wide' }], rows);
}

const ROLE = /^the signature of the (.+)$/u;

/** People first, then documents. With the people who may sign, where the configuration is at hand. */
export function pending(report: RunReport, papers: RunPapers | undefined): Markup | false {
  if (report.pending.length === 0) return false;
  const groups = pendingGroups(report);
  const people = groups.filter(({ what }) => ROLE.test(what));
  const rows = [...people, ...groups.filter((group) => !people.includes(group))].map(({ what, criteria }): Child[] => [
    waitsOn(what, papers),
    h('ul', { class: 'plain' }, ...criteria.map((id) => h('li', null, link(report, id), soFar(id, papers)))),
  ]);
  return section(
    'pending',
    `Waiting for people (${report.pending.length})`,
    table('Criteria that wait for people', [{ name: 'On whom' }, { name: 'Criteria', kind: 'wide' }], rows),
  );
}

function waitsOn(what: string, papers: RunPapers | undefined): Child {
  const role = ROLE.exec(what)?.[1];
  if (role === undefined || papers === undefined) return sentenceCase(what);
  const known = papers.approvers.find((one) => one.role === role);
  const people =
    known === undefined ? 'nobody is configured who may sign' : `${known.people.map(oneLine).join(', ')}${known.min > 1 ? `; ${known.min} of them` : ''}`;
  return [sentenceCase(what), h('span', { class: 'id' }, people)];
}

/** What was said already and does not suffice. */
function soFar(id: string, papers: RunPapers | undefined): Markup | false {
  const text = papers?.waiting.find(({ criterion }) => criterion === id)?.text ?? '';
  return !/^(0 of|No approvers|Waits for)/u.test(text) && text !== '' && h('span', { class: 'id' }, oneLine(text));
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function deferred(report: RunReport): Markup | false {
  const groups = deferredGroups(report);
  if (groups.length === 0) return false;
  return section('deferred', `Left out of this run (${report.counts.deferred})`, grouped(report, 'Criteria left out of this run', 'Why', groups));
}

const WAIVER_STATES = {
  applied: ['waived', 'applied'],
  unused: ['deferred', 'unused'],
  'over-cap': ['fail', 'over its cap'],
  expired: ['fail', 'expired'],
  'not-waivable': ['fail', 'not waivable'],
} as const;

/** Of the metric that the cap is about; else of the row's first. */
function unitOf(report: RunReport, { criterion, metric }: RunReport['waivers'][number]): Unit | undefined {
  const results = report.criteria.find(({ id }) => id === criterion)?.results ?? [];
  return (results.find((result) => result.metric === metric) ?? results[0])?.unit;
}

/** All that are for this gate here, also those that did not help. */
export function waivers(report: RunReport): Markup | false {
  if (report.waivers.length === 0) return false;
  const rows = report.waivers.map((waiver): Child[] => [
    link(report, waiver.criterion),
    h('span', { class: `badge s-${WAIVER_STATES[waiver.state][0]}` }, WAIVER_STATES[waiver.state][1]),
    [oneLine(waiver.reason), h('p', { class: 'quiet' }, oneLine(waiver.text))],
    oneLine(waiver.owner),
    waiver.until,
    waiver.max === undefined ? 'no cap' : quantity(waiver.max, unitOf(report, waiver)),
  ]);
  return section(
    'waivers',
    `Waivers (${rows.length})`,
    h('p', { class: 'lead' }, 'Approvers sign this list together with the results.'),
    table(
      'Waivers and what became of them',
      [
        { name: 'Criterion' },
        { name: 'State' },
        { name: 'Reason', kind: 'wide' },
        { name: 'Owner' },
        { name: 'Until', kind: 'when' },
        { name: 'Up to', kind: 'figure' },
      ],
      rows,
    ),
  );
}

/** Limits that are not the plan's. */
export function changedLimits(report: RunReport): Markup | false {
  const rows = limitsChanged(report).map(({ criterion, unit, here, changed }): Child[] => [
    link(report, criterion),
    quantity(changed.from, unit),
    quantity(here, unit),
    oneLine(changed.reason),
    oneLine(changed.owner),
    changed.until,
  ]);
  return (
    rows.length > 0 &&
    section(
      'changed-limits',
      `Limits that are not the plan's (${rows.length})`,
      table(
        "Limits that are not the plan's",
        [
          { name: 'Criterion' },
          { name: 'Plan', kind: 'figure' },
          { name: 'Here', kind: 'figure' },
          { name: 'Reason', kind: 'wide' },
          { name: 'Owner' },
          { name: 'Until', kind: 'when' },
        ],
        rows,
      ),
    )
  );
}
