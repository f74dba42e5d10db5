import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { RunView } from '../gates/model.ts';
import { html } from './html.ts';
import { STYLE, THEMES } from './html/style.ts';
import { style } from './markup.ts';
import { hostileRun } from './saved-runs/hostile.ts';
import { error, fail, pass, savedRuns } from './saved-runs/index.ts';
import { everyElement, readMarkup, textOf } from './saved-runs/strict-markup.ts';
import type { ElementNode } from './saved-runs/strict-markup.ts';

const VOIDS = new Set(['meta', 'link', 'br', 'col', 'hr', 'img']);
const source = (view: RunView): string => String(html.render(view, () => undefined));
const elements = (view: RunView): readonly ElementNode[] => everyElement(readMarkup(source(view), VOIDS));
const named = (view: RunView, ...names: readonly string[]): readonly ElementNode[] => elements(view).filter(({ name }) => names.includes(name));
const runs = [...Object.entries(savedRuns), ['hostile', hostileRun()]] as readonly (readonly [string, RunView])[];

const BLOCKS: ReadonlySet<string> = new Set([
  'p',
  'li',
  'tr',
  'h1',
  'h2',
  'h3',
  'div',
  'dt',
  'figcaption',
  'summary',
  'header',
  'section',
  'main',
  'footer',
  'a',
]);
const CELLS: ReadonlySet<string> = new Set(['td', 'th', 'dd', 'b', 'code', 'time', 'span']);

/** What a person reads, one block a line: the snapshot of a page that people can check. The risks are the plan's own and have a test of theirs. */
function readable(node: ElementNode | string): string {
  if (typeof node === 'string') return node;
  if (node.name === 'style' || node.name === 'svg' || node.name === 'title') return '';
  if (node.attributes['id'] === 'risks') return '\nRisks of the plan …';
  const text = node.children.map(readable).join('');
  return BLOCKS.has(node.name) ? `\n${text}` : CELLS.has(node.name) ? ` ${text} ` : text;
}

test.each(Object.entries(savedRuns))('what a person reads in report.html of "%s"', async (name, view) => {
  const lines = readable(readMarkup(source(view), VOIDS))
    .replaceAll('\u202F', ' ')
    .split('\n')
    .map((line) => line.replace(/\s+/gu, ' ').trim());
  await expect(`${lines.filter((line) => line !== '').join('\n')}\n`).toMatchFileSnapshot(`__snapshots__/html-${name}.txt`);
});

test.each(runs)('report.html of "%s" is one file without script, reference or handler', (_name, view) => {
  expect(named(view, 'script', 'link', 'iframe', 'object', 'embed', 'form', 'base', 'img')).toEqual([]);
  const attributes = elements(view).flatMap((element) => Object.entries(element.attributes));
  expect(attributes.filter(([name]) => name.startsWith('on') || name === 'style' || name === 'src' || name.includes(':'))).toEqual([]);
  expect(attributes.filter(([name, value]) => name === 'href' && !value.startsWith('#'))).toEqual([]);
  expect(source(view)).not.toMatch(/<script|<!--|@import|url\(/u);
});

test('the security policy allows nothing but this page’s own style sheet', () => {
  const digest = createHash('sha256')
    .update(textOf(named(pass, 'style')[0] as ElementNode))
    .digest('base64');
  expect(named(pass, 'meta').map(({ attributes }) => attributes['content'])).toContain(
    `default-src 'none'; style-src 'sha256-${digest}'; img-src data:; base-uri 'none'; form-action 'none'`,
  );
});

test.each(runs)('the structure of "%s" serves a screen reader', (_name, view) => {
  const [root] = elements(view);
  expect(root?.attributes['lang']).toBe('en');
  expect([
    named(view, 'h1').length,
    named(view, 'main').length,
    named(view, 'header').length,
    named(view, 'footer').length,
    named(view, 'title').length,
  ]).toEqual([1, 1, 1, 1, 1]);
  const levels = named(view, 'h1', 'h2', 'h3').map(({ name }) => Number(name.slice(1)));
  expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  for (const table of named(view, 'table')) {
    expect(table.children.some((child) => typeof child !== 'string' && child.name === 'caption')).toBe(true);
    expect(everyElement(table).filter(({ name, attributes }) => name === 'th' && attributes['scope'] === undefined)).toEqual([]);
  }
  expect(named(view, 'svg').filter(({ attributes }) => attributes['aria-hidden'] !== 'true' && (attributes['aria-label'] ?? '') === '')).toEqual([]);
  const ids = elements(view).flatMap(({ attributes }) => attributes['id'] ?? []);
  expect(ids.length).toBe(new Set(ids).size);
  const targets = named(view, 'a').map(({ attributes }) => attributes['href']?.slice(1) ?? '');
  expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
});

test('every state is a word beside its colour', () => {
  const badges = elements(fail).filter(({ attributes }) => attributes['class']?.startsWith('badge'));
  expect(badges.length).toBeGreaterThan(20);
  expect(badges.filter((badge) => textOf(badge) === '')).toEqual([]);
});

test('only rows whose state is pass are shown as pass', () => {
  for (const view of [error, fail]) {
    const shown = elements(view).filter(
      ({ name, attributes }) => name === 'tr' && attributes['id'] !== undefined && attributes['class']?.includes('s-pass') === true,
    );
    expect(shown.length).toBe(view.report.counts.pass);
  }
});

const channel = (hex: string, at: number): number => {
  const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};
/** Relative luminance, WCAG 2.1. */
const luminance = (hex: string): number => 0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
/** CSS color-mix(in srgb, a share, b). */
function mixed(a: string, share: number, b: string): string {
  const at = (index: number): string =>
    Math.round(Number.parseInt(a.slice(index, index + 2), 16) * share + Number.parseInt(b.slice(index, index + 2), 16) * (1 - share))
      .toString(16)
      .padStart(2, '0');
  return `#${at(1)}${at(3)}${at(5)}`;
}

test.each(Object.entries(THEMES))('text has a contrast of at least 4.5 in the %s theme', (_name, theme) => {
  const { bg, raised, ink, quiet, line: _line, accent, ...states } = theme;
  const pairs: [string, string][] = [
    [ink, bg],
    [ink, raised],
    [quiet, bg],
    [quiet, raised],
    [accent, bg],
    [accent, raised],
  ];
  for (const state of Object.values(states))
    pairs.push([state, mixed(state, 0.11, bg)], [bg, state], [ink, mixed(state, 0.09, bg)], [state, bg], [state, raised]);
  expect(pairs.filter(([text, ground]) => contrast(text, ground) < 4.5)).toEqual([]);
});

test('a style sheet that could end its element is refused', () => {
  expect(() => style('a{}</style><script>')).toThrow(TypeError);
  expect(STYLE).not.toContain('</');
});
