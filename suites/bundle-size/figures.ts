// Turns what the browser loaded into the figures of the check and the table of the report. Pure; called by bundle-size.check.ts.
import type { Measurement, PageBytes, SideName } from '../../gates/model.ts';
import { type Resource, built, byType, ownOf, sumOf } from './resources.ts';
import type { PageWeight, WeighedPage } from './weigh-page.ts';

export interface Load {
  readonly page: WeighedPage;
  readonly side: SideName;
  readonly weight: PageWeight;
}
export interface SideLoads {
  readonly side: SideName;
  readonly loads: readonly Load[];
}
type Loaded = Extract<PageWeight, { readonly loaded: true }>;
export type Figure = Omit<Measurement, 'startedAt' | 'endedAt'>;

/** Loads of a page further apart than this are not of one figure: something came or stayed away by chance. A fraction of what the plan tolerates. */
const SPREAD = 0.05;
const HEAVIEST = 5;

/** A plugin that has no file of its own on one of the sides is part of its page there, and is judged with its page alone. */
export function figuresOf(sides: readonly SideLoads[], version: string): readonly Figure[] {
  const shared = new Set(sides.flatMap(({ loads }) => pluginsWithoutOwn(loads)));
  return sides.flatMap(({ side, loads }) =>
    [...Map.groupBy(loads, ({ page }) => page.path)].flatMap(([path, own]) => {
      const plugin = own[0]?.page.plugin;
      const pageFigures = figures(side, `page ${path}`, own, built, version);
      if (plugin === undefined || shared.has(plugin)) return pageFigures;
      const others = othersOf(loads, path);
      return [...pageFigures, ...figures(side, `plugin ${plugin}`, own, (resources) => ownOf(resources, others), version)];
    }),
  );
}

function pluginsWithoutOwn(loads: readonly Load[]): readonly string[] {
  return loads.flatMap(({ page: { plugin, path }, weight }) =>
    plugin !== undefined && weight.loaded && ownOf(weight.resources, othersOf(loads, path)).length === 0 ? [plugin] : [],
  );
}

function othersOf(loads: readonly Load[], path: string): readonly (readonly Resource[])[] {
  return loads.filter((one) => one.page.path !== path).flatMap(({ weight }) => (weight.loaded ? [weight.resources] : []));
}

/** A page that was not loaded, or not twice the same, has a figure of no samples, so that it is missed by name and no other page with it. */
function figures(side: SideName, route: string, own: readonly Load[], pick: (all: readonly Resource[]) => readonly Resource[], version: string): Figure[] {
  const labels = { side, route };
  const failed = own.map(({ weight }) => weight).find((weight) => !weight.loaded);
  const loaded = own.flatMap(({ weight }) => (weight.loaded ? [weight] : []));
  const sums = loaded.map(({ resources }) => sumOf(pick(resources))).toSorted((a, b) => b.transferred - a.transferred);
  const [most, least] = [sums[0], sums.at(-1)];
  if (failed !== undefined || most === undefined || least === undefined) {
    const why = failed?.loaded === false ? failed.why : 'it was not opened';
    return [noFigure(labels, `not loaded on the ${side} side: ${why}`, version)];
  }
  if (most.transferred - least.transferred > SPREAD * most.transferred)
    return [noFigure(labels, `weighed ${least.transferred} and ${most.transferred} bytes in two loads of the ${side} side`, version)];
  const instrument = { name: 'bytes', version, healthy: true };
  const value = (metric: string, amount: number, n: number): Figure => ({ metric, labels, n, instrument, payload: { shape: 'value', value: amount } });
  return [
    value('web.transferred-bytes', most.transferred, most.requests),
    value('web.parsed-bytes', Math.max(...sums.map(({ parsed }) => parsed)), most.requests),
    ...(route.startsWith('page ') ? beside(loaded[0] as Loaded, labels, instrument) : []),
  ];
}

function noFigure(labels: { readonly side: SideName; readonly route: string }, why: string, version: string): Figure {
  const instrument = { name: 'bytes', version, healthy: true, facts: { [labels.route]: why } };
  return { metric: 'web.transferred-bytes', labels, n: 0, instrument, payload: { shape: 'value', value: 0 } };
}

/** Told and not judged. */
function beside({ resources, unused: { script, style } }: Loaded, labels: Figure['labels'], instrument: Figure['instrument']): Figure[] {
  const data = sumOf(resources.filter(({ type }) => type === 'data'));
  const total = script.total + style.total;
  return [
    { metric: 'web.data-bytes', labels, n: data.requests, instrument, payload: { shape: 'value', value: data.transferred } },
    { metric: 'web.unused-code', labels, n: total, instrument, payload: { shape: 'proportion', hits: script.unused + style.unused, total } },
  ];
}

export function tableOf(sides: readonly SideLoads[]): PageBytes {
  const all = sides.flatMap(({ loads }) =>
    [...Map.groupBy(loads, ({ page }) => page.path).values()].flatMap(([first]) => (first === undefined ? [] : [first])),
  );
  return {
    loads: all.flatMap(({ page, side, weight }) => {
      if (!weight.loaded) return [];
      const { resources, unused } = weight;
      const heaviest = built(resources)
        .toSorted((a, b) => b.transferred - a.transferred)
        .slice(0, HEAVIEST)
        .map(({ url, type, transferred }) => ({ path: new URL(url).pathname, type, transferred }));
      return [{ route: `page ${page.path}`, side, byType: { ...byType(resources) }, unused, heaviest }];
    }),
    notLoaded: all.flatMap(({ page, side, weight }) => (weight.loaded ? [] : [{ route: `page ${page.path}`, side, why: weight.why }])),
  };
}
