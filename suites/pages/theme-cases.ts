// Judges how a page looked in each theme: pure, from looks to cases. Called by page-themes.check.ts.
import type { Case, Theme } from '../../gates/model.ts';
import type { Colour, ThemeLook, ThemeLooks } from './theme-looks.ts';

/** WCAG 2.1, success criterion 1.4.3: "a contrast ratio of at least 4.5:1". */
const LEAST_CONTRAST = 4.5;
/** Below this difference in each channel, of 255, two papers are the same to the eye. */
const SAME_COLOUR = 3;

/** Relative luminance, 0…1: WCAG 2.1, definition. */
function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** 1…21: WCAG 2.1, definition of contrast ratio. */
export function contrastOf(one: Colour, other: Colour): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const isSame = (one: Colour, other: Colour): boolean => one.every((channel, index) => Math.abs(channel - (other[index] ?? 0)) <= SAME_COLOUR);
const rgb = (colour: Colour): string => `rgb(${colour.join(', ')})`;
const saidOf = (look: ThemeLook, { attribute }: Theme): string => (look.said === null ? `has no ${attribute}` : `says ${attribute}="${look.said}"`);

function toCase(id: string, flaws: readonly (string | undefined)[]): Case {
  const found = flaws.filter((flaw) => flaw !== undefined);
  return { id, state: found.length === 0 ? 'ok' : 'failed', detail: found.join(' ') };
}

/** Nothing was chosen: the page may say nothing, but looks as the one that is chosen does. */
function followsSystem(system: ThemeLook, chosen: ThemeLook, value: string, name: string, theme: Theme): string | undefined {
  if (system.said !== null && system.said !== value) return `The system prefers ${name}, and the page ${saidOf(system, theme)}.`;
  return isSame(system.paper, chosen.paper)
    ? undefined
    : `The system prefers ${name}, and the page's background is ${rgb(system.paper)}; chosen by hand ${name} is ${rgb(chosen.paper)}.`;
}

function readable({ ink, paper }: ThemeLook, name: string): string | undefined {
  const contrast = contrastOf(ink, paper);
  return contrast >= LEAST_CONTRAST
    ? undefined
    : `In the ${name} theme most of the text is ${rgb(ink)} on ${rgb(paper)}: contrast ${contrast.toFixed(2)}, at least ${LEAST_CONTRAST} is needed.`;
}

function kept(look: ThemeLook, { chosenDark }: ThemeLooks, theme: Theme, where: string): string | undefined {
  if (look.said !== theme.dark) return `Dark was chosen, and ${where} the page ${saidOf(look, theme)}.`;
  return isSame(look.paper, chosenDark.paper)
    ? undefined
    : `Dark was chosen, and ${where} the page's background is ${rgb(look.paper)} instead of ${rgb(chosenDark.paper)}.`;
}

/** Dark chosen where the system prefers light: what is painted before the page says dark is light. */
function firstPaint({ firstPaint: { saidDarkAtMs, paintedAtMs }, reloaded }: ThemeLooks, theme: Theme): Case {
  const id = 'kept/first-paint';
  if (reloaded.said !== theme.dark) return { id, state: 'not-run', detail: 'The choice was not kept, so there is no first sight of it.' };
  if (paintedAtMs === null || saidDarkAtMs === null) return { id, state: 'not-run', detail: 'The browser does not tell when it painted first.' };
  if (saidDarkAtMs <= paintedAtMs) return { id, state: 'ok', detail: '' };
  const late = `${Math.round(saidDarkAtMs)} ms, first painted at ${Math.round(paintedAtMs)} ms`;
  return { id, state: 'failed', detail: `After a reload the light theme is seen before the dark one that was chosen: the page says dark at ${late}.` };
}

export function judgeThemes(looks: ThemeLooks, theme: Theme): readonly Case[] {
  const { systemLight, systemDark, chosenDark, chosenLight, reloaded, elsewhere } = looks;
  const says = (look: ThemeLook, value: string, name: string): string | undefined =>
    look.said === value ? undefined : `The toggle was pressed for ${name}, and the page ${saidOf(look, theme)}.`;
  const isUnchanged = isSame(chosenDark.paper, chosenLight.paper);
  const colours = isUnchanged ? `The background is ${rgb(chosenDark.paper)} in both themes.` : undefined;
  return [
    toCase('chosen/dark', [says(chosenDark, theme.dark, 'dark')]),
    toCase('chosen/light', [says(chosenLight, theme.light, 'light')]),
    toCase('colours', [colours]),
    toCase('contrast/dark', [readable(chosenDark, 'dark')]),
    toCase('contrast/light', [readable(chosenLight, 'light')]),
    toCase('follows-system/dark', [followsSystem(systemDark, chosenDark, theme.dark, 'dark', theme)]),
    toCase('follows-system/light', [followsSystem(systemLight, chosenLight, theme.light, 'light', theme)]),
    toCase('kept/reload', [kept(reloaded, looks, theme, 'after a reload')]),
    elsewhere === undefined
      ? { id: 'kept/elsewhere', state: 'not-run', detail: 'The surface names no other page of the kind to look at.' }
      : toCase('kept/elsewhere', [
          elsewhere.look.said === theme.dark ? undefined : `Dark was chosen, and at ${elsewhere.path} the page ${saidOf(elsewhere.look, theme)}.`,
        ]),
    firstPaint(looks, theme),
  ];
}

/** Ids of all cases, for an application that could not be looked at. */
export const THEME_CASES = [
  'chosen/dark',
  'chosen/light',
  'colours',
  'contrast/dark',
  'contrast/light',
  'follows-system/dark',
  'follows-system/light',
  'kept/reload',
  'kept/elsewhere',
  'kept/first-paint',
] as const;

/** Two tries of the same: what failed first and passed then is flaky. */
export function mergeTries(first: readonly Case[], second: readonly Case[]): readonly Case[] {
  return second.map((later) => {
    const before = first.find(({ id }) => id === later.id);
    return later.state === 'ok' && before?.state === 'failed'
      ? { ...later, state: 'flaky', detail: `First: ${before.detail} As expected on the second try.` }
      : later;
  });
}
