// The lists around the checklist: declared not applicable, waiting for people, left out of this run, waivers.
import type { RunReport } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Child, Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { deferredGroups, pendingGroups } from '../wording.ts';
import type { Group } from '../wording.ts';
import { anchor, code, section, table } from './parts.ts';

const link = (report: RunReport, id: string): Markup => {
  const criterion = report.criteria.find((one) => one.id === id);
  return criterion === undefined ? code(oneLine(id)) : h('a', { href: `#${anchor(id)}` }, oneLine(criterion.text));
};

/** Stands before the checklist: what is declared away must be seen first. False where nothing is. */
export function notApplicable(report: RunReport): Markup | false {
  if (report.notApplicable.length === 0) return false;
  const rows = report.notApplicable.map((entry): Child[] => [link(report, entry.criterion), oneLine(entry.reason), oneLine(entry.owner), entry.until]);
  return section(
    'not-applicable',
    `Declared not applicable (${rows.length})`,
    h('p', { class: 'lead' }, 'Approvers sign this list together with the results.'),
    table('Criteria declared not applicable', [{ name: 'Criterion' }, { name: 'Reason', kind: 'wide' }, { name: 'Owner' }, { name: 'Until' }], rows),
  );
}

function grouped(report: RunReport, caption: string, heading: string, groups: readonly Group[]): Markup {
  const rows = groups.map((group): Child[] => [
    oneLine(group.what),
    h('ul', { class: 'plain' }, ...group.criteria.map((id) => h('li', null, link(report, id)))),
  ]);
  return table(caption, [{ name: heading }, { name: 'Criteria', kind: 'wide' }], rows);
}

export function pending(report: RunReport): Markup | false {
  if (report.pending.length === 0) return false;
  return section(
    'pending',
    `Waiting for people (${report.pending.length})`,
    grouped(report, 'Criteria that wait for people', 'On whom', pendingGroups(report)),
  );
}

export function deferred(report: RunReport): Markup | false {
  const groups = deferredGroups(report);
  if (groups.length === 0) return false;
  return section('deferred', `Left out of this run (${report.counts.deferred})`, grouped(report, 'Criteria left out of this run', 'Why', groups));
}

export function waivers(report: RunReport): Markup | false {
  if (report.waivers.length === 0) return false;
  const rows = report.waivers.map((waiver): Child[] => [
    link(report, waiver.criterion),
    oneLine(waiver.reason),
    oneLine(waiver.owner),
    waiver.until,
    waiver.max ?? 'no cap',
  ]);
  return section(
    'waivers',
    `Waivers in force (${rows.length})`,
    table(
      'Waivers in force',
      [{ name: 'Criterion' }, { name: 'Reason', kind: 'wide' }, { name: 'Owner' }, { name: 'Until' }, { name: 'Up to', kind: 'figure' }],
      rows,
    ),
  );
}
