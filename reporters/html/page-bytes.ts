// The section of bundle-size: what each page made the browser transfer, by type, on both sides; from the artifact that the check left.
import { PAGE_BYTES_MEDIA_TYPE, PageBytes, type ReadArtifact, type RunReport, type SideName } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Child, Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { counted, quantity } from '../quantity.ts';
import { NONE } from '../wording.ts';
import { section, table } from './parts.ts';
import { parsedArtifacts } from './parsed-artifacts.ts';

type Load = PageBytes['loads'][number];

export function pageBytes(report: RunReport, read: ReadArtifact): Markup | false {
  const found = parsedArtifacts(report, read, PAGE_BYTES_MEDIA_TYPE, PageBytes);
  const loads = found.flatMap((one) => one.loads);
  const notLoaded = found.flatMap((one) => one.notLoaded);
  if (loads.length + notLoaded.length === 0) return false;
  const routes = [...Map.groupBy(loads, ({ route }) => route)].map(([route, own]) => ({ route, target: of(own, 'target'), legacy: of(own, 'legacy') }));
  return section(
    'page-bytes',
    'Bytes, page by page',
    h(
      'p',
      { class: 'lead' },
      `What the browser transferred for ${counted(routes.length, 'page')} with an empty cache. Code and assets are judged; answers of the API are not.`,
      notLoaded.length > 0 &&
        h('b', null, ` Not loaded: ${notLoaded.map(({ route, side, why }) => `${oneLine(route)} on the ${side} side (${oneLine(why)})`).join(', ')}`),
    ),
    routes.length > 0 && table('Bytes of every page', COLUMNS, routes.toSorted((a, b) => growth(b) - growth(a)).map(cells)),
  );
}

interface Route {
  readonly route: string;
  readonly target: Load | undefined;
  readonly legacy: Load | undefined;
}

const COLUMNS = [
  { name: 'Page' },
  { name: 'Target', kind: 'figure' },
  { name: 'Legacy', kind: 'figure' },
  { name: 'Of that', kind: 'wide' },
  { name: 'Decoded', kind: 'figure' },
  { name: 'Unused code', kind: 'figure' },
  { name: 'API', kind: 'figure' },
] as const;

function of(loads: readonly Load[], side: SideName): Load | undefined {
  return loads.find((one) => one.side === side);
}

function cells({ route, target, legacy }: Route): Child[] {
  const shown = target ?? legacy;
  const bytes = (amount: number | undefined): string => (amount === undefined ? NONE : quantity(amount, 'bytes'));
  return [
    oneLine(route),
    bytes(target && built(target, 'transferred')),
    bytes(legacy && built(legacy, 'transferred')),
    shown === undefined ? NONE : [typeWords(shown), h('span', { class: 'id' }, heaviestWords(shown))],
    bytes(shown && built(shown, 'parsed')),
    shown === undefined ? NONE : unusedWords(shown),
    bytes(shown?.byType['data']?.transferred ?? 0),
  ];
}

function growth({ target, legacy }: Route): number {
  return target === undefined || legacy === undefined ? 0 : built(target, 'transferred') / Math.max(1, built(legacy, 'transferred'));
}

function built({ byType }: Load, what: 'transferred' | 'parsed'): number {
  return Object.entries(byType).reduce((sum, [type, own]) => sum + (type === 'data' ? 0 : own[what]), 0);
}

function typeWords({ byType }: Load): string {
  return Object.entries(byType)
    .filter(([type]) => type !== 'data')
    .toSorted(([, a], [, b]) => b.transferred - a.transferred)
    .map(([type, { transferred }]) => `${oneLine(type)} ${quantity(transferred, 'bytes')}`)
    .join(', ');
}

function heaviestWords({ heaviest: [first] }: Load): string {
  return first === undefined ? '' : `heaviest: ${oneLine(first.path)} ${quantity(first.transferred, 'bytes')}`;
}

function unusedWords({ unused }: Load): string {
  const parts = Object.values(unused);
  const total = parts.reduce((sum, one) => sum + one.total, 0);
  return total === 0 ? NONE : quantity(Math.round((100 * parts.reduce((sum, one) => sum + one.unused, 0)) / total) / 100, 'ratio');
}
