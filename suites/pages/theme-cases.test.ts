import { expect, test } from 'vitest';
import type { Case, Theme } from '../../gates/model.ts';
import { contrastOf, judgeThemes, mergeTries, THEME_CASES } from './theme-cases.ts';
import type { ThemeLook, ThemeLooks } from './theme-looks.ts';

const THEME: Theme = { toggle: { role: 'button', name: 'Dark theme' }, selector: 'html', attribute: 'data-theme', light: 'light', dark: 'dark' };
const LIGHT: ThemeLook = { said: 'light', ink: [23, 32, 42], paper: [251, 252, 252] };
const DARK: ThemeLook = { said: 'dark', ink: [234, 237, 237], paper: [17, 22, 27] };
const HEALTHY: ThemeLooks = {
  systemLight: LIGHT,
  systemDark: DARK,
  chosenDark: DARK,
  chosenLight: LIGHT,
  reloaded: DARK,
  firstPaint: { saidDarkAtMs: 40, paintedAtMs: 90 },
  elsewhere: { path: '/forum', look: DARK },
};

const notOk = (looks: Partial<ThemeLooks>): readonly string[] =>
  judgeThemes({ ...HEALTHY, ...looks }, THEME).flatMap(({ id, state, detail }) => (state === 'ok' ? [] : [`${id} ${state}: ${detail}`]));

test('themes that are chosen, kept and readable have no flaw, and every case is there', () => {
  const cases = judgeThemes(HEALTHY, THEME);
  expect(cases.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(cases.map(({ id }) => id).toSorted()).toEqual([...THEME_CASES].toSorted());
});

test('contrast is that of WCAG: 21 between black and white, 1 between equals', () => {
  expect(contrastOf([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
  expect(contrastOf([255, 255, 255], [0, 0, 0])).toBeCloseTo(21);
  expect(contrastOf([90, 90, 90], [90, 90, 90])).toBe(1);
  // WebAIM's example of a grey that just is enough on white.
  expect(contrastOf([118, 118, 118], [255, 255, 255])).toBeCloseTo(4.54, 2);
});

test.each<[string, Partial<ThemeLooks>, readonly string[]]>([
  [
    'a toggle that says nothing',
    { chosenDark: { ...DARK, said: 'light' } },
    ['chosen/dark failed: The toggle was pressed for dark, and the page says data-theme="light".'],
  ],
  [
    'one that does not lead back',
    { chosenLight: { ...LIGHT, said: null } },
    ['chosen/light failed: The toggle was pressed for light, and the page has no data-theme.'],
  ],
  ['a page that ignores the system', { systemDark: LIGHT }, ['follows-system/dark failed: The system prefers dark, and the page says data-theme="light".']],
  [
    'one that says so and does not look so',
    { systemDark: { ...LIGHT, said: 'dark' } },
    ["follows-system/dark failed: The system prefers dark, and the page's background is rgb(251, 252, 252); chosen by hand dark is rgb(17, 22, 27)."],
  ],
  [
    'a choice that is lost with a reload',
    { reloaded: LIGHT },
    [
      'kept/reload failed: Dark was chosen, and after a reload the page says data-theme="light".',
      'kept/first-paint not-run: The choice was not kept, so there is no first sight of it.',
    ],
  ],
  [
    'a choice that is lost elsewhere',
    { elsewhere: { path: '/forum', look: { ...DARK, said: null } } },
    ['kept/elsewhere failed: Dark was chosen, and at /forum the page has no data-theme.'],
  ],
  ['no other page', { elsewhere: undefined }, ['kept/elsewhere not-run: The surface names no other page of the kind to look at.']],
  [
    'a flash of the wrong theme',
    { firstPaint: { saidDarkAtMs: 140.4, paintedAtMs: 90 } },
    [
      'kept/first-paint failed: After a reload the light theme is seen before the dark one that was chosen: the page says dark at 140 ms, first painted at 90 ms.',
    ],
  ],
  [
    'a browser that does not tell when it painted',
    { firstPaint: { saidDarkAtMs: 40, paintedAtMs: null } },
    ['kept/first-paint not-run: The browser does not tell when it painted first.'],
  ],
])('%s is told of, and nothing else', (_, looks, expected) => {
  expect(notOk(looks)).toEqual(expected);
});

test('a contrast of 4.5 is enough, and below it is not', () => {
  const grey = (level: number): ThemeLook => ({ said: 'light', ink: [level, level, level], paper: [255, 255, 255] });
  expect(notOk({ chosenLight: grey(118), systemLight: grey(118) })).toEqual([]);
  expect(notOk({ chosenLight: grey(119), systemLight: grey(119) })).toEqual([
    'contrast/light failed: In the light theme most of the text is rgb(119, 119, 119) on rgb(255, 255, 255): contrast 4.48, at least 4.5 is needed.',
  ]);
});

test('the same background in both themes is no other theme, whatever the page says', () => {
  const dark: ThemeLook = { ...LIGHT, said: 'dark' };
  expect(notOk({ chosenDark: dark, systemDark: dark, reloaded: dark, elsewhere: { path: '/forum', look: dark } })).toEqual([
    'colours failed: The background is rgb(251, 252, 252) in both themes.',
  ]);
});

test('what failed first and is right on the second try is flaky, never ok', () => {
  const failed: Case = { id: 'colours', state: 'failed', detail: 'The same.' };
  const ok: Case = { id: 'colours', state: 'ok', detail: '' };
  expect(mergeTries([failed], [ok])).toEqual([{ id: 'colours', state: 'flaky', detail: 'First: The same. As expected on the second try.' }]);
  expect(mergeTries([failed], [failed])).toEqual([failed]);
  expect(mergeTries([ok], [failed])).toEqual([failed]);
});
