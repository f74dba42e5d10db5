// The section of the data checks: a row a table, those that differ first; from the artifact that the comparison left.
import { COMPARED_TABLES_MEDIA_TYPE, ComparedTables, type ReadArtifact, type RunReport } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Child, Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { counted, digits, duration, quantity } from '../quantity.ts';
import { parsedArtifacts } from './parsed-artifacts.ts';
import { section, table } from './parts.ts';

type Compared = ComparedTables['tables'][number];

export function comparedTables(report: RunReport, read: ReadArtifact): Markup | false {
  const found = parsedArtifacts(report, read, COMPARED_TABLES_MEDIA_TYPE, ComparedTables);
  const tables = found.flatMap((one) => one.tables).toSorted((a, b) => Number(differences(b) > 0) - Number(differences(a) > 0));
  const unseen = found.flatMap((one) => one.unseen);
  const leftOut = found.flatMap((one) => one.leftOut);
  if (tables.length + unseen.length === 0) return false;
  const differing = tables.filter((one) => differences(one) > 0).length;
  const rows = tables.reduce((sum, { legacyRows }) => sum + legacyRows, 0);
  return section(
    'compared-tables',
    'Data, table by table',
    h(
      'p',
      { class: 'lead' },
      `${counted(tables.length, 'table')} with ${counted(rows, 'legacy row')} compared; ${differing === 0 ? 'none differs' : `${digits(differing)} differ`}.`,
      unseen.length > 0 && h('b', null, ` Not seen to the end: ${unseen.map((one) => `${oneLine(one.table)} (${oneLine(one.why)})`).join(', ')}.`),
    ),
    tables.length > 0 && table('Tables that were compared', COLUMNS, tables.map(cells)),
    leftOut.length > 0 &&
      h(
        'div',
        null,
        h('h3', null, `Left out on purpose (${leftOut.length})`),
        h('ul', { class: 'plain' }, ...leftOut.map(({ object, reason }) => h('li', null, h('code', null, oneLine(object)), ` ${oneLine(reason)}`))),
      ),
  );
}

const COLUMNS = [
  { name: 'Table' },
  { name: 'Legacy rows', kind: 'figure' },
  { name: 'Target rows', kind: 'figure' },
  { name: 'Differences', kind: 'wide' },
  { name: 'Compared', kind: 'figure' },
  { name: 'How' },
] as const;

function differences({ missing, extra, changed }: Compared): number {
  return missing + extra + changed;
}

function cells(one: Compared): Child[] {
  return [
    [oneLine(one.table), h('span', { class: 'id' }, oneLine(one.from))],
    digits(one.legacyRows),
    digits(one.targetRows),
    differences(one) === 0 ? 'none' : h('b', null, differenceWords(one)),
    [quantity(one.bytes, 'bytes'), h('span', { class: 'id' }, duration(one.seconds))],
    oneLine(one.how),
  ];
}

function differenceWords({ missing, extra, changed, byColumn }: Compared): string {
  const columns = Object.entries(byColumn)
    .toSorted(([, a], [, b]) => b - a)
    .map(([column, count]) => `${oneLine(column)} ${digits(count)}`);
  return [
    missing > 0 && `${counted(missing, 'row')} missing`,
    extra > 0 && `${counted(extra, 'row')} too many`,
    changed > 0 && `${counted(changed, 'value')} (${columns.join(', ')})`,
  ]
    .filter((part) => part !== false)
    .join(', ');
}
