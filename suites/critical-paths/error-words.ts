// Says an error of Playwright in one sentence: what was expected and what was seen, without its call log. Pure; used by journey-cases.ts.

/** Longest sentence, characters. */
const LONGEST = 300;
const CUT_AFTER = 80;

/** The errors of one try, first to last. A time limit says little by itself: what was waited for stands in the error after it. */
export function errorWords(errors: readonly string[]): string {
  const [first = '', second] = errors.filter((text) => text.trim() !== '');
  const words = first.startsWith('Test timeout') ? [first.split('\n')[0] ?? '', ...(second === undefined ? [] : [sentenceOf(second)])] : [sentenceOf(first)];
  return clip(words.join(' ').replaceAll(/\s+/g, ' ').trim(), LONGEST);
}

function sentenceOf(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const head = (lines[0] ?? '').replace(/^Error: /, '');
  const waited = /^TimeoutError: \w+\.(\w+): Timeout (\d+)ms exceeded/.exec(head);
  if (waited !== null) return inVain(lines, waited[1] ?? '', Number(waited[2]) / 1000);
  const seen = [...labelled(lines), ...differing(text)];
  return seen.length === 0 ? head : `${head}: ${seen.join(', ')}`;
}

/** `fill of getByLabel('Title'): not possible for 10 s, element is not visible`. */
function inVain(lines: readonly string[], action: string, seconds: number): string {
  const target = lines.find((line) => line.startsWith('- waiting for '))?.replace('- waiting for ', '');
  const state = lines.findLast((line) => /^- (element is|element was|<.*> intercepts)/.test(line))?.replace(/^- /, '');
  return `${action}${target === undefined ? '' : ` of ${target}`}: not possible for ${seconds} s${state === undefined ? ', it was not there' : `, ${clip(state, CUT_AFTER)}`}`;
}

/** `Expected: visible`, and what came instead. */
function labelled(lines: readonly string[]): readonly string[] {
  const values = lines.flatMap((line) => {
    const [, label, value] = /^(Locator|Expected(?: \w+)?|Received(?: \w+)?|Error): +(.+)$/.exec(line) ?? [];
    return label === undefined || value === undefined ? [] : [[label, value] as const];
  });
  // The first line may begin with the word too.
  const own = values.filter(([label, value]) => label !== 'Error' || !lines[0]?.endsWith(value));
  return own.map(([label, value]) => `${label === 'Locator' ? 'at' : label === 'Error' ? 'seen' : label.toLowerCase()} ${clip(value, CUT_AFTER)}`);
}

/** Lines of a comparison that stand on one side alone. */
function differing(text: string): readonly string[] {
  if (!/^- Expected +- \d+$/m.test(text)) return [];
  const side = (mark: string): string =>
    [...text.matchAll(new RegExp(`^\\${mark} {2,}(.+?),?$`, 'gm'))]
      .map(([, value = '']) => value.trim())
      .filter((value) => !/^[-+] \d+$/.test(value))
      .join(', ');
  return [`expected ${clip(side('-') || 'nothing more', CUT_AFTER)}`, `received ${clip(side('+') || 'nothing more', CUT_AFTER)}`];
}

const clip = (text: string, longest: number): string => (text.length <= longest ? text : `${text.slice(0, longest - 1)}…`);
