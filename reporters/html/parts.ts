// The small parts that every section of the HTML report is made of: badge, code, figure cell, plain table.
import type { RunReport, State } from '../../gates/model.ts';
import { stateIcon } from '../charts/state-icon.ts';
import { h } from '../markup.ts';
import type { Child, Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { STATE_WORDS } from '../wording.ts';

/** Sign, word and colour of a state. */
export function badge(state: State): Markup {
  return h('span', { class: `badge s-${state}` }, stateIcon(state), STATE_WORDS[state]);
}

export function code(text: string): Markup {
  return h('code', null, text);
}

/** A section with its heading; `id` names it for the skip link and for screen readers. */
export function section(id: string, heading: string, ...children: readonly Child[]): Markup {
  return h('section', { id, 'aria-labelledby': `${id}-heading` }, h('h2', { id: `${id}-heading` }, heading), ...children);
}

export interface Column {
  readonly name: string;
  /** Figures stand right-aligned with tabular digits. */
  readonly kind?: 'figure' | 'wide' | 'when';
}

/** A table whose first column names the row; it scrolls by itself, also by keyboard, where the page is too narrow. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Child[])[]): Markup {
  const head = columns.map(({ name, kind }) => h('th', { scope: 'col', class: kind }, name));
  const body = rows.map((cells) =>
    h('tr', null, ...cells.map((cell, index) => (index === 0 ? h('th', { scope: 'row' }, cell) : h('td', { class: columns[index]?.kind }, cell)))),
  );
  return h(
    'div',
    { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': caption },
    h('table', null, h('caption', { class: 'unseen' }, caption), h('thead', null, h('tr', null, ...head)), h('tbody', null, ...body)),
  );
}

/** Names and values, such as the facts of a run. */
export function facts(entries: readonly (readonly [name: string, value: Child])[]): Markup {
  return h('dl', { class: 'facts' }, ...entries.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))));
}

/** Anchor of a criterion's row. */
export function anchor(criterionId: string): string {
  return `row-${criterionId.replace(/[^a-z0-9+-]+/giu, '-')}`;
}

/** The words of a criterion, leading to its row; its bare id where the run has no such row. */
export function link(report: RunReport, id: string): Markup {
  const criterion = report.criteria.find((one) => one.id === id);
  return criterion === undefined ? code(oneLine(id)) : h('a', { href: `#${anchor(id)}` }, oneLine(criterion.text));
}
