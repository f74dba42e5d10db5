// The section that sets a run beside the legacy side or a baseline: both numbers, interval, allowance, decision.
import type { RunReport, RunView } from '../../gates/model.ts';
import { comparisons } from '../comparisons.ts';
import { h } from '../markup.ts';
import type { Child, Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { NONE } from '../wording.ts';
import { badge, link, section, table } from './parts.ts';

export function compared(view: RunView, report: RunReport): Markup | false {
  const all = comparisons(view, report);
  if (all.length === 0) return false;
  const isLegacy = all.every(({ result }) => result.expect.kind === 'versus');
  const rows = all.map(({ criterion, result, here, before, difference, interval, allowed }): Child[] => [
    [link(report, criterion.id), h('span', { class: 'id' }, [result.statistic, oneLine(result.metric)].filter(Boolean).join(' of '))],
    here,
    before,
    [difference === '' ? NONE : difference, interval !== '' && h('span', { class: 'id' }, interval)],
    allowed,
    [badge(result.verdict), h('span', { class: 'id' }, oneLine(result.reason.text))],
  ]);
  return section(
    'compared',
    isLegacy ? 'Beside the legacy side' : 'Compared with before',
    h(
      'p',
      { class: 'lead' },
      'Decided round by round, both sides measured in turn; the numbers shown are of all rounds together. A positive difference is worse.',
    ),
    table(
      'Comparisons with before',
      [
        { name: 'Criterion' },
        { name: 'Target', kind: 'figure' },
        { name: isLegacy ? 'Legacy' : 'Before', kind: 'figure' },
        { name: 'Difference', kind: 'figure' },
        { name: 'Allowed' },
        { name: 'Decision', kind: 'wide' },
      ],
      rows,
    ),
  );
}
